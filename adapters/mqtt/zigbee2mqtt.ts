// https://www.zigbee2mqtt.io/guide/usage/mqtt_topics_and_messages.html
import { z } from "zod";
import { type Alarm, toAlarm } from "../../bot/incident/alarm.ts";
import { type Publish, toButton, toContent } from "./publish.ts";
import { TopicName } from "./topic.ts";

/** `base`: its `mqtt.base_topic`. `actions`: which of a device's actions are a press; left out, each of them is. */
export const Zigbee2mqttOptions = z.object({
  base: TopicName.default("zigbee2mqtt"),
  actions: z.array(z.string().min(1)).min(1).optional(),
});
export type Zigbee2mqttOptions = z.infer<typeof Zigbee2mqttOptions>;

/** A side field that is wrong is left out. `last_seen` is as the user chose it: epoch milliseconds or ISO 8601. */
const Device = z.object({
  action: z.unknown().optional(),
  battery: z.number().min(0).max(100).optional().catch(undefined),
  battery_low: z.boolean().optional().catch(undefined),
  last_seen: z
    .union([z.int().positive(), z.iso.datetime({ offset: true }).transform(Date.parse)])
    .optional()
    .catch(undefined),
});
type Device = z.infer<typeof Device>;

/** As many devices as one bridge could ever hold. */
const deviceLimit = 10_000;

const State = z.enum(["online", "offline"]);

/**
 * Reads messages of one Zigbee2MQTT; the button is the device's friendly name, which may hold slashes. Never throws; what
 * may be a press and can't be read is unreadable. A retained action is neither a press nor a sign of life, since it may
 * be days old; a retained state, of the bridge or of a device's availability, holds until the next one and is read.
 */
export function createZigbee2mqtt({ base, actions }: Zigbee2mqttOptions): (publish: Publish) => Alarm[] {
  /** Devices whose action came in JSON: what their `…/action` says has been said already. */
  const saidInJson = new Set<string>();

  function toKind({ action, battery_low: isLow }: Partial<Device>): Alarm["kind"] {
    // An empty action takes back the one before it: nothing was pressed.
    if (action !== undefined && action !== null && action !== "") {
      if (typeof action !== "string") return "unreadable";
      if (actions === undefined || actions.includes(action)) return "press";
    }
    return isLow ? "battery-low" : "heartbeat";
  }

  function readDevice(name: string, content: unknown, id: string): Alarm[] {
    const device = Device.safeParse(content).data;
    if (!device || !isObject(content)) return readAttribute(name, content, id);
    const says = (key: string): boolean => Object.hasOwn(content, key);
    // A lamp or a socket is no business of ours.
    if (!says("action") && !says("battery") && !says("battery_low")) return [];
    if (says("action") && saidInJson.size < deviceLimit) saidInJson.add(name);
    const battery = device.battery === undefined ? null : device.battery / 100;
    return [toAlarm(toKind(device), { id, button: toButton(name), at: device.last_seen ?? null, battery })];
  }

  /**
   * With `advanced.output: attribute` each attribute has a topic of its own; with the Home Assistant integration an
   * action is said in the JSON and then again here. A number or a truth value is never an action.
   */
  function readAttribute(name: string, content: unknown, id: string): Alarm[] {
    const device = /^(.+)\/action$/.exec(name)?.[1];
    if (device !== undefined && saidInJson.has(device)) return [];
    if (device !== undefined) return [toAlarm(toKind({ action: content }), { id, button: toButton(device) })];
    if (name.includes("/") && ["number", "boolean"].includes(typeof content)) return [];
    return [toAlarm("unreadable", { id, button: toButton(name) })];
  }

  return ({ topic, payload, retain, id }) => {
    if (!topic.startsWith(`${base}/`)) return [];
    const name = topic.slice(base.length + 1);
    const content = toContent(payload);
    if (name === "bridge/state") return readState("", content, id);
    // An empty message takes away what was retained, when a device is renamed or leaves.
    if (name === "" || name.startsWith("bridge/") || payload.length === 0) return [];
    // Orders to a device, by whoever gives them.
    if (/\/(set|get)(\/|$)/.test(name)) return [];
    const device = /^(.+)\/availability$/.exec(name)?.[1];
    if (device !== undefined) return readState(device, content, id);
    return retain ? [] : readDevice(name, content, id);
  };
}

/** A press of that button as Zigbee2MQTT would publish it. */
export function toZigbee2mqttExample(button: string, { base, actions }: Zigbee2mqttOptions) {
  const action = actions?.[0] ?? "emergency";
  return { topic: `${base}/${button}`, payload: JSON.stringify({ action, battery: 100, linkquality: 84 }) };
}

/**
 * `{"state":…}`, or plain text as older versions have it; anything else says nothing about anybody.
 * https://www.zigbee2mqtt.io/guide/configuration/device-availability.html
 */
function readState(device: string, content: unknown, id: string): Alarm[] {
  const state = State.safeParse(isObject(content) ? content.state : content).data;
  if (state === undefined) return [];
  return [toAlarm(state === "offline" ? "trouble" : "heartbeat", { id, button: toButton(device) })];
}

function isObject(content: unknown): content is Record<string, unknown> {
  return typeof content === "object" && content !== null && !Array.isArray(content);
}
