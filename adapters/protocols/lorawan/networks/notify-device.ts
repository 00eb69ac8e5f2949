import type { NotifyDevice } from "../../../../bot/contracts.ts";
import { DeliveryError } from "../../../../bot/errors.ts";
import { type HttpPost, postJson } from "../../../kit/network/http.ts";
import { type DownlinkOptions, toDownlink } from "./downlink.ts";

/** A network's call that puts a message in the queue of a device. */
export type QueueCall = Pick<HttpPost, "url" | "headers" | "body">;

/**
 * Notifies devices by their network's own call. `toCall` returns null for a button whose id can't be a device's, so
 * that no id ever becomes another path of the address. Class A devices listen right after they have sent something, so
 * a message that comes too late for that waits for the next one.
 */
export function notifyByCall(
  options: DownlinkOptions,
  toCall: (button: string, port: number, payload: string) => QueueCall | null,
): NotifyDevice {
  return async (button, what, now, signal) => {
    const message = toDownlink(what, options);
    if (message === null) throw new DeliveryError("misconfigured", `The down-link has no message for "${what}".`);
    const call = toCall(button, message.port, message.payload.toString("base64"));
    if (call === null) throw new DeliveryError("misconfigured", "The button's id is not the id of a device.");
    await postJson({ ...call, now, signal });
  };
}
