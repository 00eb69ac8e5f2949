// https://www.zigbee2mqtt.io/guide/usage/mqtt_topics_and_messages.html
import { z } from "zod";
import { type Alarm, toAlarm } from "../../../bot/domain/alarm.ts";
import { type Publish, toButtonId, toContent } from "./publish.ts";
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

/** More devices than one bridge could ever have. */
const maxDevices = 10_000;

/** Zigbee2MQTT publishes an action a second time within this time. */
const repeatMs = 2_000;

/** An action in a device's JSON, and when it came by our clock. */
interface SeenAction {
  readonly action: unknown;
  readonly at: number;
}

const State = z.enum(["online", "offline"]);

/**
 * Creates the reader of one Zigbee2MQTT's messages; the button is the device's friendly name, which may hold slashes.
 * Never throws; what may be a press and can't be read is unreadable. A retained action is neither a press nor a sign of
 * life, since it may be days old. A retained `offline` holds until the next state and is read. A retained `online` of a
 * device is ignored, because it stays when the bridge dies; that of the bridge itself is replaced by its will.
 *
 * Lamps, sockets and sensors have an availability and batteries too. A device counts as a button, and its signs of life
 * count, once its `action` was seen, or when `topic` begins with a name, because whoever subscribes to `…/buttons/#`
 * has buttons there.
 */
export function createZigbee2mqtt({
  base,
  actions,
  topic: filter,
}: Zigbee2mqttOptions & { readonly topic: string }): (publish: Publish) => Alarm[] {
  /** Devices whose action was seen, with the last one that came in JSON and was not repeated yet. */
  const buttons = new Map<string, SeenAction | null>();
  const areAllButtons = !/^[+#]/.test(filter.slice(base.length + 1));

  function toKind({ action, battery_low: isLow }: Partial<Device>): Alarm["kind"] {
    // An empty action clears the one before it: nothing was pressed.
    if (action !== undefined && action !== null && action !== "") {
      if (typeof action !== "string") return "unreadable";
      if (actions === undefined || actions.includes(action)) return "press";
    }
    return isLow ? "battery-low" : "heartbeat";
  }

  function isButton(name: string): boolean {
    return areAllButtons || buttons.has(name);
  }

  function rememberAction(name: string, seen: SeenAction | null): void {
    if (buttons.has(name) || buttons.size < maxDevices) buttons.set(name, seen);
  }

  function readDevice(name: string, content: unknown, { id, at }: Publish): Alarm[] {
    const device = Device.safeParse(content).data;
    if (!device || !isObject(content)) return readText(name, content, id);
    const hasField = (key: string): boolean => Object.hasOwn(content, key);
    // An empty action may come in between, before the action's own topic repeats what was pressed.
    if (hasField("action"))
      rememberAction(name, content.action ? { action: content.action, at } : (buttons.get(name) ?? null));
    else if (!isButton(name) || !(hasField("battery") || hasField("battery_low"))) return [];
    const battery = device.battery === undefined ? null : device.battery / 100;
    return [toAlarm(toKind(device), { id, button: toButtonId(name), at: device.last_seen ?? null, battery })];
  }

  /**
   * Reads a payload that is no JSON object. A name may hold slashes, but a topic below a device is an attribute and no
   * press, unless its payload looks like JSON.
   */
  function readText(name: string, content: unknown, id: string): Alarm[] {
    const isJson = typeof content === "string" && content.trimStart().startsWith("{");
    if (name.includes("/") && !isJson && !buttons.has(name)) return [];
    return [toAlarm("unreadable", { id, button: toButtonId(name) })];
  }

  /**
   * Reads an action on its own topic. With `advanced.output: attribute` each attribute has one; with the Home Assistant
   * integration an action comes in the JSON and then again here. An action that is not certainly a repeat is a press,
   * because twice is better than never.
   */
  function readAction(name: string, { payload, id, at }: Publish): Alarm[] {
    const action = payload.toString("utf8");
    const seen = buttons.get(name);
    const isRepeat = seen != null && seen.action === action && at - seen.at <= repeatMs;
    rememberAction(name, null);
    return isRepeat ? [] : [toAlarm(toKind({ action }), { id, button: toButtonId(name) })];
  }

  function readAvailability(name: string, content: unknown, { id, retain }: Publish): Alarm[] {
    if (!isButton(name)) return [];
    return readState(name, content, id).filter(({ kind }) => kind === "trouble" || !retain);
  }

  return (publish) => {
    const { topic, payload, retain, id } = publish;
    if (!topic.startsWith(`${base}/`)) return [];
    const name = topic.slice(base.length + 1);
    const content = toContent(payload);
    if (name === "bridge/state") return readState("", content, id);
    // An empty message clears a retained one when a device is renamed or removed.
    if (name === "" || name.startsWith("bridge/") || payload.length === 0) return [];
    // Commands to a device, whoever sends them.
    if (/\/(set|get)(\/|$)/.test(name)) return [];
    const [, device = "", below] = /^(.+)\/(action|availability)$/.exec(name) ?? [];
    if (below === "availability") return readAvailability(device, content, publish);
    if (retain) return [];
    return below === "action" ? readAction(device, publish) : readDevice(name, content, publish);
  };
}

/** A press of that button as Zigbee2MQTT would publish it. */
export function toZigbee2mqttExample(button: string, { base, actions }: Zigbee2mqttOptions) {
  const action = actions?.[0] ?? "emergency";
  return { topic: `${base}/${button}`, payload: JSON.stringify({ action, battery: 100, linkquality: 84 }) };
}

/**
 * Reads `{"state":…}`, or plain text as in older versions; anything else gives no alarm.
 * https://www.zigbee2mqtt.io/guide/configuration/device-availability.html
 */
function readState(device: string, content: unknown, id: string): Alarm[] {
  const state = State.safeParse(isObject(content) ? content.state : content).data;
  if (state === undefined) return [];
  return [toAlarm(state === "offline" ? "trouble" : "heartbeat", { id, button: toButtonId(device) })];
}

function isObject(content: unknown): content is Record<string, unknown> {
  return typeof content === "object" && content !== null && !Array.isArray(content);
}
