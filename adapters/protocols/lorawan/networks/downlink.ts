import { z } from "zod";
import type { Feedback } from "../../../../bot/contracts.ts";
import { expects } from "../../../../bot/words/settings/expects.ts";

/** One message to a device: the port it listens on, and bytes in hex. */
export const Downlink = z.strictObject({
  port: z.number().int().min(1).max(223),
  payload: z.string().regex(/^(?:[0-9A-Fa-f]{2}){1,242}$/, expects("hexBytes")),
});
export type Downlink = z.infer<typeof Downlink>;

/**
 * The messages to a device, by which its holder hears, sees or feels the feedback. `model` stands for both messages of
 * a device that can play a sound; `received` and `coming` take precedence over it.
 */
export const DownlinkOptions = z.object({
  model: z.literal("abeeway").optional(),
  received: Downlink.optional(),
  coming: Downlink.optional(),
});
export type DownlinkOptions = z.infer<typeof DownlinkOptions>;

/** The message of a settings schema where `isComplete` is false. */
export const completeRule = expects("downlinkPair");

/** Whether there is a message for every feedback, because feedback that can't be sent would be shown as failed. */
export function isComplete(options: DownlinkOptions): boolean {
  return toDownlink("received", options) !== null && toDownlink("coming", options) !== null;
}

/**
 * Plays melody 3, "alert": 1 s for received, 5 s for coming; tokens 1 and 2. Firmware AT2 with a buzzer: Smart Badge,
 * Micro Tracker.
 * https://docs.thingpark.com/thingpark-location/abeeway-trackers-reference-guide/AbeewayRefGuide/downlink-messages/debug-commands
 */
const abeeway: Readonly<Record<Feedback, Downlink>> = {
  received: { port: 2, payload: "ff01030301" },
  coming: { port: 2, payload: "ff02030305" },
};

/** The message for the feedback `what`; null when the settings have none. */
export function toDownlink(what: Feedback, options: DownlinkOptions): { port: number; payload: Buffer } | null {
  const downlink = options[what] ?? (options.model === "abeeway" ? abeeway[what] : null);
  return downlink === null ? null : { port: downlink.port, payload: Buffer.from(downlink.payload, "hex") };
}
