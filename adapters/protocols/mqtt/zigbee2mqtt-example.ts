import { z } from "zod";
import type { Zigbee2mqttOptions } from "./zigbee2mqtt.ts";
import { actionFields, ringMark, stateFields } from "./zigbee2mqtt-fields.ts";

/**
 * What we read of the list of devices, which Zigbee2MQTT keeps at the broker.
 * https://www.zigbee2mqtt.io/guide/usage/mqtt_topics_and_messages.html#zigbee2mqtt-bridge-devices
 */
const Devices = z.array(
  z.looseObject({
    friendly_name: z.string().catch(""),
    definition: z
      .looseObject({ exposes: z.array(z.unknown()).catch([]) })
      .nullish()
      .catch(null),
  }),
);
const Exposed = z.looseObject({ property: z.string(), values: z.array(z.unknown()).catch([]) });

/** The topic of the list of devices. */
export function toDeviceList(base: string): string {
  return `${base}/bridge/devices`;
}

/**
 * A press of that button as its device would have it published; `devices` is the content of `toDeviceList`, undefined
 * when it could not be read. null when Zigbee2MQTT says that the device has nothing that can be read as a press.
 */
export function toZigbee2mqttExample(
  button: string,
  { base, actions, ignore = [] }: Zigbee2mqttOptions,
  devices: unknown,
): { topic: string; payload: string } | null {
  const fields = findExposed(button, devices);
  const toExample = (content: object) => {
    return { topic: `${base}/${button}`, payload: JSON.stringify({ ...content, battery: 100, linkquality: 84 }) };
  };
  if (fields === null) return toExample({ action: actions?.[0] ?? "emergency" });
  const action = actionFields.find((field) => fields.has(field));
  if (action !== undefined) {
    const values = (fields.get(action) ?? []).filter((value) => typeof value === "string" && !ignore.includes(value));
    return toExample({ [action]: values[0] ?? actions?.[0] ?? "emergency" });
  }
  const state = stateFields.find((field) => fields.has(field));
  return state === undefined ? null : toExample({ [state]: true, [ringMark.field]: ringMark.value });
}

/** The fields that a device has, each with its values; null when the device is not in the list. */
function findExposed(button: string, devices: unknown): ReadonlyMap<string, readonly unknown[]> | null {
  const found = Devices.safeParse(devices).data?.find((device) => device.friendly_name === button);
  if (!found?.definition) return null;
  const exposed = found.definition.exposes
    .map((each) => Exposed.safeParse(each).data)
    .filter((each) => each !== undefined);
  return new Map(exposed.map(({ property, values }) => [property, values]));
}
