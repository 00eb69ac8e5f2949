// https://docs.thingpark.com/thingpark-location/firmware/application-uplink
// Decoded: https://github.com/actility/device-catalog/tree/main/vendors/abeeway/drivers/asset-tracker-3
import { z } from "zod";
import type { Position } from "../../../../bot/domain/alarm.ts";
import { type Reading, toReading, toShare } from "../../../kit/reading.ts";
import { type DeviceModel, Flag, toPosition } from "./device.ts";

const types: Readonly<Record<number, string>> = {
  1: "NOTIFICATION",
  2: "POSITION",
  3: "QUERY",
  4: "RESPONSE",
  5: "TELEMETRY",
};
const classes = ["SYSTEM", "SOS", "TEMPERATURE", "ACCELEROMETER", "NETWORK", "GEOZONING", "TELEMETRY"] as const;
/** What a notification's class and type mean, by name and by number; of the others only the SOS flag counts. */
const meanings: Readonly<Record<string, Reading["kind"]>> = {
  ...{ "SOS SOS_ON": "press", "SOS 0": "press" },
  ...{ "SOS SOS_OFF": "cancel", "SOS 1": "cancel" },
  ...{ "SYSTEM LOW_BATTERY": "battery-low", "SYSTEM 1": "battery-low" },
  // The device is about to be off, so whoever carries it has no button any more.
  ...{ "SYSTEM SHUTDOWN": "trouble", "SYSTEM 5": "trouble" },
};
const gnssPosition = 10;
/** The states that have a position: success, and one whose position only lacks proof. */
const withFix: readonly number[] = [0, 3];

const Message = z.object({
  header: z.looseObject({ type: z.enum(Object.values(types)), sos: Flag }),
  notification: z.object({ notificationClass: z.enum(classes), notificationType: z.string() }).optional(),
  position: z
    .object({ gnssFix: z.looseObject({}) })
    .optional()
    .catch(undefined),
});

/** Abeeway's trackers with firmware AT3. */
export const assetTracker3: DeviceModel = {
  ports: [19],

  readDecoded(decoded) {
    const message = Message.safeParse(decoded).data;
    if (!message) return null;
    const { header, notification } = message;
    const meaning =
      header.type === "NOTIFICATION"
        ? toMeaning(notification?.notificationClass, notification?.notificationType)
        : "nothing";
    if (meaning === null) return null;
    const fix = message.position?.gnssFix;
    const position = toPosition(fix?.latitude, fix?.longitude, fix?.EHPE);
    return toSosReading(meaning, header.sos, position, toShare(header.batteryLevel));
  },

  readBytes(bytes) {
    const [status, power] = bytes;
    if (status === undefined || power === undefined) return null;
    const type = types[(status >> 3) & 0x07];
    const isLate = (power & 0x80) !== 0; // Stored while there was no network: four bytes of time instead of two.
    const start = 4 + (isLate ? 2 : 0) + (status & 0x80 ? 1 : 0);
    const content = bytes[start];
    if (type === undefined || content === undefined) return null;
    const meaning = type === "NOTIFICATION" ? toMeaning(classes[content >> 4], content & 0x0f) : "nothing";
    if (meaning === null) return null;
    const position = type === "POSITION" ? readFix(bytes.subarray(start)) : null;
    const percent = power & 0x7f; // 0 is charging, 127 unknown.
    const battery = toShare(percent === 0 ? null : percent);
    return toSosReading(meaning, (status & 0x40) !== 0, position, battery);
  },
};

type Meaning = Reading["kind"] | "nothing";

/** The meaning of a notification; null when it may be an SOS in an unknown form. */
function toMeaning(name: (typeof classes)[number] | undefined, type: string | number | undefined): Meaning | null {
  return meanings[`${name} ${type}`] ?? (name === undefined || name === "SOS" ? null : "nothing");
}

function toSosReading(meaning: Meaning, isSos: boolean, position: Position | null, battery: number | null): Reading {
  const kind = toKind(meaning, isSos, position);
  return toReading(kind, { position, battery, isOn: kind === "press" || kind === "still-pressed" });
}

/** The kind of a message, each of which says whether SOS is on. */
function toKind(meaning: Meaning, isSos: boolean, position: Position | null): Reading["kind"] {
  if (meaning === "press" || meaning === "cancel") return meaning;
  if (isSos) return "still-pressed";
  if (meaning !== "nothing") return meaning;
  return position === null ? "heartbeat" : "position";
}

function readFix(content: Buffer): Position | null {
  const [state = 0] = content;
  if ((state & 0x1f) !== gnssPosition || !withFix.includes((state >> 5) & 0x03) || content.length < 19) return null;
  const error = content[18] ?? 0;
  // A value above 250 stands for a range.
  return toPosition(content.readInt32BE(4) / 1e7, content.readInt32BE(8) / 1e7, error > 250 ? null : error);
}
