import { type Alarm, type Position, toAlarm } from "../../../bot/domain/alarm.ts";
import { toOwnState } from "../../kit/reading.ts";
import { type DeviceOptions, readUplink, type Uplink } from "./uplink.ts";

/**
 * The alarm of a device's message. A message without a button is unreadable whatever its content, because nobody knows
 * whose it is. A frame without port and payload is for the network alone (LoRaWAN 1.0.4, 4.3), such as the answer to a
 * down-link, and counts as a heartbeat of whatever device it is.
 */
export function toUplinkAlarm(
  uplink: Uplink,
  options: DeviceOptions,
  parts: Pick<Alarm, "id" | "button" | "at">,
): Alarm {
  if (parts.button === "") return toAlarm("unreadable", parts);
  if (isEmpty(uplink)) return toAlarm("heartbeat", parts);
  const { kind, position, battery, isOn } = readUplink(uplink, options);
  return toAlarm(kind, { ...parts, position, battery, state: toOwnState(isOn) });
}

/** The alarm with that position; a heartbeat that has one becomes a `position`. */
export function toLocatedAlarm(alarm: Alarm, position: Position | null): Alarm {
  return { ...alarm, position, kind: alarm.kind === "heartbeat" && position !== null ? "position" : alarm.kind };
}

/** Whether the message has neither port nor payload. Port 0 is the network's, and networks leave out what is 0. */
function isEmpty({ port, bytes, decoded }: Uplink): boolean {
  return (port === null || port === 0) && bytes?.length === 0 && decoded === undefined;
}
