// https://www.zigbee2mqtt.io/guide/usage/mqtt_topics_and_messages.html
import { z } from "zod";
import { type Alarm, toAlarm } from "../../../bot/domain/alarm.ts";
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
const maxDevices = 10_000;

/** What Zigbee2MQTT says twice, it says at once. */
const saidTwiceWithinMs = 2_000;

/** An action that a device's JSON told, and when by our clock. */
interface Told {
  readonly action: unknown;
  readonly at: number;
}

const State = z.enum(["online", "offline"]);

/**
 * Reads messages of one Zigbee2MQTT; the button is the device's friendly name, which may hold slashes. Never throws;
 * what may be a press and can't be read is unreadable. A retained action is neither a press nor a sign of life, since
 * it may be days old. A retained `offline` holds until the next state and is read; a retained `online` of a device says
 * nothing of now, since nobody takes it back when the bridge dies. That of the bridge itself is taken back by its will.
 *
 * Lamps, sockets and sensors are available and have batteries too. A device is one of ours, and its signs of life are,
 * once its `action` was seen, or when `topic` begins with a name: who subscribes to `…/buttons/#` has buttons there.
 */
export function createZigbee2mqtt({
  base,
  actions,
  topic: filter,
}: Zigbee2mqttOptions & { readonly topic: string }): (publish: Publish) => Alarm[] {
  /** Devices whose action was seen, with the last one that came in JSON and has not been said again. */
  const buttons = new Map<string, Told | null>();
  const areAllButtons = !/^[+#]/.test(filter.slice(base.length + 1));

  function toKind({ action, battery_low: isLow }: Partial<Device>): Alarm["kind"] {
    // An empty action takes back the one before it: nothing was pressed.
    if (action !== undefined && action !== null && action !== "") {
      if (typeof action !== "string") return "unreadable";
      if (actions === undefined || actions.includes(action)) return "press";
    }
    return isLow ? "battery-low" : "heartbeat";
  }

  function isButton(name: string): boolean {
    return areAllButtons || buttons.has(name);
  }

  function learn(name: string, told: Told | null): void {
    if (buttons.has(name) || buttons.size < maxDevices) buttons.set(name, told);
  }

  function readDevice(name: string, content: unknown, { id, at }: Publish): Alarm[] {
    const device = Device.safeParse(content).data;
    if (!device || !isObject(content)) return readText(name, content, id);
    const says = (key: string): boolean => Object.hasOwn(content, key);
    // An empty action may be said in between, before the topic of its own says what was pressed.
    if (says("action")) learn(name, content.action ? { action: content.action, at } : (buttons.get(name) ?? null));
    else if (!isButton(name) || !(says("battery") || says("battery_low"))) return [];
    const battery = device.battery === undefined ? null : device.battery / 100;
    return [toAlarm(toKind(device), { id, button: toButton(name), at: device.last_seen ?? null, battery })];
  }

  /**
   * A name may hold slashes, but what stands below a device is an attribute of it and no press, unless it looks like
   * JSON.
   */
  function readText(name: string, content: unknown, id: string): Alarm[] {
    const isJson = typeof content === "string" && content.trimStart().startsWith("{");
    if (name.includes("/") && !isJson && !buttons.has(name)) return [];
    return [toAlarm("unreadable", { id, button: toButton(name) })];
  }

  /**
   * With `advanced.output: attribute` each attribute has a topic of its own; with the Home Assistant integration an
   * action is said in the JSON and then again here. Whatever is not certainly the same is a press: rather twice than
   * never.
   */
  function readAction(name: string, { payload, id, at }: Publish): Alarm[] {
    const action = payload.toString("utf8");
    const told = buttons.get(name);
    const isToldAgain = told != null && told.action === action && at - told.at <= saidTwiceWithinMs;
    learn(name, null);
    return isToldAgain ? [] : [toAlarm(toKind({ action }), { id, button: toButton(name) })];
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
    // An empty message takes away what was retained, when a device is renamed or leaves.
    if (name === "" || name.startsWith("bridge/") || payload.length === 0) return [];
    // Orders to a device, by whoever gives them.
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
