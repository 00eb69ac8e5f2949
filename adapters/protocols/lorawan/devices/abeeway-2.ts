// https://docs.thingpark.com/thingpark-location/abeeway-trackers-reference-guide/AbeewayRefGuide/uplink-messages/event
// https://docs.thingpark.com/thingpark-location/abeeway-trackers-reference-guide/AbeewayRefGuide_2.3/uplink-messages/position
// https://docs.thingpark.com/thingpark-location/abeeway-trackers-reference-guide/AbeewayRefGuide/uplink-messages/extended-position
// Decoded: https://github.com/actility/device-catalog/tree/main/vendors/abeeway/drivers/asset-tracker
import { z } from "zod";
import type { Position } from "../../../../bot/domain/alarm.ts";
import { type Reading, toReading, toShare } from "../../../kit/reading.ts";
import { type DeviceModel, Flag, toCharge, toPosition } from "./device.ts";

/** A rechargeable lithium cell. */
const emptyVolts = 3.3;
const fullVolts = 4.2;

/** Message types by their number. Types 4 and 7 stand for several each, none of which is about SOS. */
const types: Readonly<Record<number, string>> = {
  0: "FRAME_PENDING",
  3: "POSITION_MESSAGE",
  4: "ENERGY_STATUS",
  5: "HEARTBEAT",
  7: "ACTIVITY_STATUS",
  9: "SHUTDOWN",
  10: "EVENT",
  11: "DATA_SCAN_COLLECTION",
  12: "PROXIMITY_DETECTION",
  13: "SMS",
  14: "EXTENDED_POSITION_MESSAGE",
  15: "DEBUG",
};
/** Events by their number. */
const eventTypes = [
  "GEOLOC_START",
  "MOTION_START",
  "MOTION_END",
  "BLE_CONNECTED",
  "BLE_DISCONNECTED",
  "TEMPERATURE_ALERT",
  "BLE_BOND_DELETED",
  "SOS_MODE_START",
  "SOS_MODE_END",
  "ANGLE_DETECTION",
  "GEOFENCING",
] as const;
/** These two have no header, and therefore no SOS flag. */
const withoutHeader: readonly unknown[] = ["FRAME_PENDING", "SMS"];

const Message = z.looseObject({
  messageType: z.enum([...Object.values(types), "HEALTH_STATUS", "CONFIGURATION", "SHOCK_DETECTION", "BLE_MAC"]),
  eventType: z.enum(eventTypes).optional(),
  sosFlag: Flag,
});

/** Abeeway's trackers with firmware AT2: Asset Tracker 2, Smart Badge and Micro Tracker. */
export const assetTracker2: DeviceModel = {
  ports: [17, 18],

  readDecoded(decoded) {
    const message = Message.safeParse(decoded).data;
    // An unknown event may be the start of SOS.
    if (!message || (message.messageType === "EVENT" && message.eventType === undefined)) return null;
    const position = toPosition(message.gpsLatitude, message.gpsLongitude, message.horizontalAccuracy);
    const battery = toShare(message.batteryLevel) ?? toCharge(message.batteryVoltage, emptyVolts, fullVolts);
    const { messageType, eventType, sosFlag } = message;
    const kind = toKind(messageType, eventType, sosFlag, position);
    const isOn = withoutHeader.includes(messageType) ? null : isSosOn(kind);
    return toReading(kind, { position, battery, isOn });
  },

  readBytes(bytes, port) {
    const [type = -1, status, battery = 0, , option = 0] = bytes;
    const messageType = types[type];
    if (messageType === undefined || status === undefined) return null;
    if (withoutHeader.includes(messageType)) return toReading("heartbeat");
    const eventType = messageType === "EVENT" ? eventTypes[bytes[5] ?? -1] : undefined;
    if (bytes.length < 5 || (messageType === "EVENT" && eventType === undefined)) return null;
    const isSos = (status & 0x10) !== 0;
    const position = (option & 0x0f) === 0 ? readFix(bytes, messageType) : null;
    const kind = toKind(messageType, eventType, isSos, position);
    return toReading(kind, {
      position,
      isOn: isSosOn(kind),
      battery:
        port === 18 ? toShare(battery === 0 ? null : battery) : toCharge(toVolts(battery), emptyVolts, fullVolts),
    });
  },
};

/**
 * The flag is not yet set in the message with which SOS begins. It stays set until SOS ends, in messages of every type.
 */
function toKind(messageType: string, eventType: unknown, isSos: boolean, position: Position | null): Reading["kind"] {
  if (messageType === "EVENT" && eventType === "SOS_MODE_START") return "press";
  if (messageType === "EVENT" && eventType === "SOS_MODE_END") return "cancel";
  if (isSos) return "still-pressed";
  // The device is about to be off, so whoever carries it has no button any more.
  if (messageType === "SHUTDOWN") return "trouble";
  return position === null ? "heartbeat" : "position";
}

/** Whether SOS is on after a message of that kind with a header. */
function isSosOn(kind: Reading["kind"]): boolean {
  return kind === "press" || kind === "still-pressed";
}

function readFix(bytes: Buffer, messageType: string): Position | null {
  if (messageType === "POSITION_MESSAGE" && bytes.length >= 13) {
    const [latitude, longitude] = [bytes.readIntBE(6, 3), bytes.readIntBE(9, 3)].map((value) => (value * 256) / 1e7);
    return toPosition(latitude, longitude, ((bytes[12] ?? 0) * 1000) / 255);
  }
  if (messageType === "EXTENDED_POSITION_MESSAGE" && bytes.length >= 19) {
    const isInMetres = ((bytes[7] ?? 0) & 0x02) !== 0;
    const error = bytes[18] ?? 0;
    // In metres, a value above 250 stands for a range.
    const accuracyM = isInMetres ? (error > 250 ? null : error) : (error * 1000) / 255;
    return toPosition(bytes.readInt32BE(8) / 1e7, bytes.readInt32BE(12) / 1e7, accuracyM);
  }
  return null;
}

/** 2.8 to 4.2 V in 8 bits, of which two values are reserved; 0 is charging. */
function toVolts(encoded: number): number | null {
  return encoded === 0 ? null : 2.8 + ((encoded - 1) * 1.4) / 253;
}
