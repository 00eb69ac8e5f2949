import { type Alarm, type Position, toAlarm } from "../../../bot/domain/alarm.ts";
import { type DeviceOptions, readUplink, type Uplink } from "./uplink.ts";

/**
 * The alarm that a device's message is. Without a button nobody knows whose it is, so it is unreadable whatever it
 * says. A frame without port and payload is the network's own business (LoRaWAN 1.0.4, 4.3), such as the answer to a
 * down-link: whatever the device is, it says no more than that it is there.
 */
export function toUplinkAlarm(
  uplink: Uplink,
  options: DeviceOptions,
  parts: Pick<Alarm, "id" | "button" | "at">,
): Alarm {
  if (parts.button === "") return toAlarm("unreadable", parts);
  if (isEmpty(uplink)) return toAlarm("heartbeat", parts);
  const { kind, position, battery } = readUplink(uplink, options);
  return toAlarm(kind, { ...parts, position, battery });
}

/** The alarm with that position; a sign of life that has one says where the button is. */
export function toLocatedAlarm(alarm: Alarm, position: Position | null): Alarm {
  return { ...alarm, position, kind: alarm.kind === "heartbeat" && position !== null ? "position" : alarm.kind };
}

/** Port 0 is the network's, and networks leave out what is 0. */
function isEmpty({ port, bytes, decoded }: Uplink): boolean {
  return (port === null || port === 0) && bytes?.length === 0 && decoded === undefined;
}
