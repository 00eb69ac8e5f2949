// https://www.milesight.com/products/docs/en/ws101/protocol/ws101/ws101-uplink.html
// https://github.com/Milesight-IoT/SensorDecoders/tree/main/ws-series/ws101
import { z } from "zod";
import { type Reading, toReading, toShare } from "../../../kit/reading.ts";
import type { DeviceModel } from "./device.ts";

/** The newer decoder has `button_event`, with a random `msgid` in it; the older one, still in use, `button`. */
const Press = z.union([
  z.looseObject({ button_event: z.object({ status: z.union([z.string(), z.number()]) }) }),
  z.looseObject({ button: z.string().regex(/^(short|long|double)( press)?$/i) }),
]);

/** The fields of a message without a press. It has no others, because other devices have a battery too. */
const statusFields = new Set([
  "battery",
  "ipso_version",
  "hardware_version",
  "firmware_version",
  "tsl_version",
  "sn",
  "lorawan_class",
  "reset_event",
  "device_status",
  "reporting_interval",
  "reboot",
  "query_device_status",
  "led_indicator_enable",
  "buzzer_enable",
  "double_click_enable",
]);
const Status = z.looseObject({}).refine((status) => {
  const fields = Object.keys(status);
  return fields.length > 0 && fields.every((field) => statusFields.has(field));
});

/** How many bytes follow a channel and its type. The answer to a down-link has channel fe or ff. */
const lengths: Readonly<Record<string, number>> = {
  "0175": 1, // battery
  ff2e: 1, // press
  ...{ ff01: 1, ff08: 6, ff09: 2, ff0a: 2, ff0b: 1, ff0f: 1, fffe: 1, ffff: 2 },
  ...{ ff03: 2, ff10: 1, ff28: 1, ff2f: 1, ff3e: 1, ff74: 1 },
  ...{ fe03: 2, fe10: 1, fe28: 1, fe2f: 1, fe3e: 1, fe74: 1 },
};

/** Milesight WS101, the smart button and its SOS edition. Short, long and double are all a press. */
export const ws101: DeviceModel = {
  ports: [85],

  readDecoded(decoded) {
    const press = Press.safeParse(decoded).data;
    if (press) return toReading("press", { battery: toShare(press.battery) });
    const status = Status.safeParse(decoded).data;
    return status ? toReading("heartbeat", { battery: toShare(status.battery) }) : null;
  },

  readBytes(bytes) {
    let kind: Reading["kind"] = "heartbeat";
    let battery: number | null = null;
    let at = 0;
    while (at < bytes.length) {
      const channel = bytes.subarray(at, at + 2).toString("hex");
      const length = lengths[channel];
      const value = bytes[at + 2];
      // Nothing behind an unknown channel can be read; a press before it counts.
      if (length === undefined || value === undefined) return kind === "press" ? toReading(kind, { battery }) : null;
      if (channel === "ff2e") kind = "press";
      if (channel === "0175") battery = toShare(value);
      at += 2 + length;
    }
    return bytes.length === 0 ? null : toReading(kind, { battery });
  },
};
