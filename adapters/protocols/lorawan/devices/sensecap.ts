// https://wiki.seeedstudio.com/T1000_payload
// Decoded: https://wiki.seeedstudio.com/SenseCAP_Decoder
import { z } from "zod";
import type { Position } from "../../../../bot/domain/alarm.ts";
import { type Reading, toNumber, toReading, toShare } from "../../../kit/reading.ts";
import { type DeviceModel, toPosition } from "./device.ts";

/**
 * One packet: its length with the id, and where in it the battery, the last byte of the event status and the longitude
 * are.
 */
interface Packet {
  readonly length: number;
  readonly battery?: number;
  readonly events?: number;
  readonly longitude?: number;
}

const packets: Readonly<Record<number, Packet>> = {
  1: { length: 47, battery: 1 },
  2: { length: 16, battery: 1 },
  3: { length: 32 },
  4: { length: 10 },
  5: { length: 5, battery: 1 },
  6: { length: 22, battery: 21, events: 3, longitude: 9 },
  7: { length: 42, battery: 41, events: 3 },
  8: { length: 35, battery: 34, events: 3 },
  9: { length: 18, battery: 17, events: 3, longitude: 9 },
  10: { length: 38, battery: 37, events: 3 },
  11: { length: 31, battery: 30, events: 3 },
  13: { length: 5 },
  15: { length: 17, battery: 13, events: 3 },
  16: { length: 13, battery: 9, events: 3 },
  17: { length: 14, battery: 13, events: 4 },
};
const sosBit = 0x40;
/** Messages for a position service, passed on as they are. */
const servicePorts: readonly (number | null)[] = [192, 199];

const Measurement = z.object({
  measurementId: z.union([z.string(), z.number()]).transform(String),
  measurementValue: z.unknown().optional(),
});
const Message = z.object({ messages: z.array(z.unknown()).min(1) });
const ServiceMessage = z.object({ fport: z.literal([192, 199]) });
const Events = z.array(z.object({ id: z.number() }).or(z.object({ eventName: z.string() })));
const sosEvent = 7;

/**
 * SenseCAP T1000-A to D. Its button pressed twice is SOS, pressed once it only sends where it is.
 * https://wiki.seeedstudio.com/Get_Started_with_SenseCAP_T1000_tracker
 */
export const t1000: DeviceModel = {
  ports: [5, 192, 199],

  readDecoded(decoded) {
    const parts = Message.safeParse(decoded).data?.messages.flat(1) ?? [];
    const known = parts.map((part) => Measurement.safeParse(part).data).filter((part) => part !== undefined);
    if (known.length === 0) {
      return parts.some((part) => ServiceMessage.safeParse(part).success) ? toReading("heartbeat") : null;
    }
    const values = new Map(known.map(({ measurementId, measurementValue }) => [measurementId, measurementValue]));
    const states = known
      .filter(({ measurementId }) => measurementId === "4200")
      .map((part) => hasSos(part.measurementValue));
    const isSos = states.includes(true);
    if (!isSos && states.includes(null)) return null;
    return toMessage(isSos, toPosition(values.get("4198"), values.get("4197")), toShare(values.get("3000")));
  },

  readBytes(bytes, port) {
    if (servicePorts.includes(port)) return toReading("heartbeat");
    let isSos = false;
    let position: Position | null = null;
    let battery: number | null = null;
    let rest = bytes;
    while (rest.length > 0) {
      const packet = toPacket(rest);
      // Nothing behind an unknown packet can be read; an SOS before it counts.
      if (packet === null || rest.length < packet.length) return isSos ? toMessage(isSos, position, battery) : null;
      if (packet.events !== undefined) isSos ||= ((rest[packet.events] ?? 0) & sosBit) !== 0;
      if (packet.battery !== undefined) battery = toShare(rest[packet.battery]);
      if (packet.longitude !== undefined) position = readPosition(rest, packet.longitude);
      rest = rest.subarray(packet.length);
    }
    return bytes.length === 0 ? null : toMessage(isSos, position, battery);
  },
};

function toMessage(isSos: boolean, position: Position | null, battery: number | null): Reading {
  return toReading(isSos ? "press" : position === null ? "heartbeat" : "position", { position, battery });
}

/**
 * Whether the events include SOS; null when that is unknown. The value is a list of events, a number where the decoder
 * left the bits as they are, or left out when there are none.
 */
function hasSos(value: unknown): boolean | null {
  if (value === undefined || value === null) return false;
  const bits = toNumber(value);
  if (bits !== null) return (bits & sosBit) !== 0;
  const events = Events.safeParse(value).data;
  return events?.some((event) => ("id" in event ? event.id === sosEvent : /^sos\b/i.test(event.eventName))) ?? null;
}

/** The packet that the bytes begin with; null for an unknown one. Packet 14 holds its own length. */
function toPacket(bytes: Buffer): Packet | null {
  const [id = 0, , , , size] = bytes;
  if (id === 14) return size === undefined ? null : { length: 5 + size };
  return packets[id] ?? null;
}

function readPosition(bytes: Buffer, at: number): Position | null {
  return toPosition(bytes.readInt32BE(at + 4) / 1e6, bytes.readInt32BE(at) / 1e6);
}
