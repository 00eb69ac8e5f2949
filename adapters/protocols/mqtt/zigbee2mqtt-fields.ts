// https://www.zigbee2mqtt.io/guide/usage/exposes.html

/**
 * The fields by which a button says that it is pressed, until it says that it is not. `sos`:
 * https://www.zigbee2mqtt.io/devices/SEB01ZB.html; the others are what alarm devices have, sirens and sensors among
 * them, or what a converter of one's own may call it.
 */
export const stateFields = ["sos", "alarm", "alarm_1", "alarm_2", "panic", "emergency", "pressed"] as const;

/** The fields that name what was done with a button; older versions had `click`. */
export const actionFields = ["action", "click"] as const;

/** What `ring` adds to a state that it publishes. */
export const ringMark = { field: "rugdekking", value: "ring" } as const;

/** Fields that are read, or that say nothing about being pressed. */
const knownFields: ReadonlySet<string> = new Set([
  ...[...stateFields, ...actionFields, ringMark.field],
  ...["battery", "battery_low", "battery_state", "battery_defect", "voltage", "linkquality", "last_seen", "elapsed"],
  ...["tamper", "test", "trouble", "supervision_reports", "restore_reports", "ac_status", "identify"],
  ...["update", "update_available", "device", "device_temperature", "temperature", "humidity", "illuminance"],
  ...["power_outage_count", "trigger_count", "operation_mode", "click_mode", "switch_mode"],
]);

/** What a field says: on, off, nothing, or something that can't be read and may be "on". */
export type Flag = boolean | "unreadable" | null;

/** Reads one field. Never throws. */
export function readFlag(value: unknown): Flag {
  if (value === undefined || value === null || value === "") return null;
  const text = typeof value === "object" ? "" : String(value).trim().toLowerCase();
  if (["true", "on", "1", "yes", "pressed"].includes(text)) return true;
  return ["false", "off", "0", "no", "released"].includes(text) ? false : "unreadable";
}

/** What these fields say together: one that is on counts for all, then one that can't be read. */
export function readFlags(content: Readonly<Record<string, unknown>>, fields: readonly string[]): Flag {
  const flags = fields.map((field) => (Object.hasOwn(content, field) ? readFlag(content[field]) : null));
  if (flags.includes(true)) return true;
  if (flags.includes("unreadable")) return "unreadable";
  return flags.includes(false) ? false : null;
}

/** Those of the fields that may say that the button is pressed, in a way that we can't read. */
export function findUnread(fields: readonly string[]): string[] {
  return fields.filter((field) => !knownFields.has(field) && !field.startsWith("action_"));
}

export function isObject(content: unknown): content is Record<string, unknown> {
  return typeof content === "object" && content !== null && !Array.isArray(content);
}
