// https://www.zigbee2mqtt.io/guide/usage/mqtt_topics_and_messages.html
// https://www.zigbee2mqtt.io/guide/configuration/mqtt.html, by whose `cache_state` each message holds all that is known
// of a device, and is sent again when Zigbee2MQTT starts
import { z } from "zod";
import type { ListenerHost } from "../../../bot/contracts.ts";
import { type Alarm, toAlarm } from "../../../bot/domain/alarm.ts";
import { toIdentity } from "../../kit/identity.ts";
import { toOwnState } from "../../kit/reading.ts";
import { type Publish, toButtonId, toContent } from "./publish.ts";
import { TopicName } from "./topic.ts";
import {
  actionFields,
  type Flag,
  findUnread,
  isObject,
  readFlag,
  readFlags,
  ringMark,
  stateFields,
} from "./zigbee2mqtt-fields.ts";

/**
 * `base`: its `mqtt.base_topic`. `ignore`: actions that are no press but a sign of life. `actions`: those known to be a
 * press; another one is a press too, and is noted.
 */
export const Zigbee2mqttOptions = z.object({
  base: TopicName.default("zigbee2mqtt"),
  actions: z.array(z.string().min(1)).min(1).optional(),
  ignore: z.array(z.string().min(1)).min(1).optional(),
});
export type Zigbee2mqttOptions = z.infer<typeof Zigbee2mqttOptions>;

/** A side field that is wrong is left out. `last_seen` is as the user chose it: epoch milliseconds or ISO 8601. */
const Device = z.object({
  battery: z.number().min(0).max(100).optional().catch(undefined),
  battery_low: z.boolean().optional().catch(undefined),
  tamper: z.boolean().optional().catch(undefined),
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
const maxNotedFields = 10;
const maxNotedLength = 40;

type NoteEvent = Parameters<ListenerHost["note"]>[0];

/** An action, or true for a state that is on, in a device's JSON, and when it came by our clock. */
interface Seen {
  readonly said: unknown;
  readonly at: number;
}

const State = z.enum(["online", "offline"]);

/**
 * Reads one Zigbee2MQTT's messages; the button is the device's friendly name, which may hold slashes. What may be a
 * press and can't be read is unreadable. A retained action is neither a press nor a sign of life, since it may be days
 * old; a retained state is still on. A retained `offline` holds until the next state and is read. A retained `online`
 * of a device is ignored, because it stays when the bridge dies; that of the bridge itself is replaced by its will.
 *
 * Lamps, sockets and sensors have an availability and batteries too. A device counts as a button, and its signs of life
 * count, once its `action` or `sos` was seen, or when the topic begins with a name, because whoever subscribes to
 * `…/buttons/#` has buttons there.
 */
export class Zigbee2mqttReader {
  readonly #options: Zigbee2mqttOptions;
  readonly #note: ListenerHost["note"];
  /** Devices whose action or state was seen, with the last one that came in JSON and was not repeated yet. */
  readonly #buttons = new Map<string, Seen | null>();
  /** What was noted since the start. */
  readonly #noted = new Set<string>();
  readonly #areAllButtons: boolean;

  constructor({ topic, ...options }: Zigbee2mqttOptions & { readonly topic: string }, note: ListenerHost["note"]) {
    this.#options = options;
    this.#note = note;
    this.#areAllButtons = !/^[+#]/.test(topic.slice(options.base.length + 1));
  }

  /** The alarms of a message. Never throws. */
  read(publish: Publish): Alarm[] {
    const { topic, payload, retain, id } = publish;
    const { base } = this.#options;
    if (!topic.startsWith(`${base}/`)) return [];
    const name = topic.slice(base.length + 1);
    const content = toContent(payload);
    if (name === "bridge/state") return readPresence("", content, id);
    // An empty message clears a retained one when a device is renamed or removed.
    if (name === "" || name.startsWith("bridge/") || payload.length === 0) return [];
    // Commands to a device, whoever sends them.
    if (/\/(set|get)(\/|$)/.test(name)) return [];
    const [, device = "", below = ""] = /^(.+)\/([^/]+)$/s.exec(name) ?? [];
    if (below === "availability") return this.#readAvailability(device, content, publish);
    if (below === "action") return retain ? [] : this.#readAction(device, publish);
    // The name of a device may end in such a word, and only a device publishes an object.
    const isAttribute = !isObject(content) && !isTorn(content) && !this.#buttons.has(name);
    if (isAttribute && isOneOf(stateFields, below)) return retain ? [] : this.#readState(device, below, publish);
    return this.#readDevice(name, content, publish);
  }

  #readDevice(name: string, content: unknown, publish: Publish): Alarm[] {
    const device = Device.safeParse(content).data;
    if (!device || !isObject(content)) return publish.retain ? [] : this.#readText(name, content, publish);
    const saysPress = [...actionFields, "sos"].some((field) => Object.hasOwn(content, field));
    const isButton = saysPress || this.#isButton(name);
    const flag = isButton ? readFlags(content, stateFields) : null;
    if (publish.retain) {
      return flag === true
        ? [toAlarm("still-pressed", { ...toStateParts(name, device, publish), state: toOwnState(true) })]
        : [];
    }
    const action = actionFields.map((field) => content[field]).find(Boolean);
    if (!isButton) return [];
    this.#noteUnread(name, Object.keys(content));
    if (flag !== null || saysPress) {
      // An empty action may come in between, before the action's own topic repeats what was pressed.
      const said = action ?? (flag === true || undefined);
      this.#remember(name, said === undefined ? (this.#buttons.get(name) ?? null) : { said, at: publish.at });
    } else if (!["battery", "battery_low", "tamper"].some((field) => Object.hasOwn(content, field))) {
      return [];
    }
    const kind = this.#toActionKind(name, action);
    const isOfRing = kind === null && flag === true && content[ringMark.field] === ringMark.value;
    // `ring` changes no state, because the press that follows it for real must not pass for a repetition.
    return isOfRing
      ? [toAlarm("press", toParts(name, device, publish))]
      : [toDeviceAlarm(name, kind, flag, device, publish)];
  }

  /**
   * Reads a payload that is no JSON object. A name may hold slashes, but a topic below a device is an attribute and no
   * press, unless its payload looks like JSON.
   */
  #readText(name: string, content: unknown, { id }: Publish): Alarm[] {
    if (name.includes("/") && !isTorn(content) && !this.#buttons.has(name)) {
      const [, device = "", field = ""] = /^(.+)\/([^/]+)$/s.exec(name) ?? [];
      if (this.#buttons.has(device)) this.#noteUnread(device, [field]);
      return [];
    }
    return [toAlarm("unreadable", { id, button: toButtonId(name) })];
  }

  /**
   * Reads an action on its own topic. With `advanced.output: attribute` each attribute has one; with the Home Assistant
   * integration an action comes in the JSON and then again here. An action that is not certainly a repeat is a press,
   * because twice is better than never.
   */
  #readAction(name: string, { payload, id, at }: Publish): Alarm[] {
    const action = payload.toString("utf8");
    if (this.#isRepeat(name, action, at)) return [];
    return [toAlarm(this.#toActionKind(name, action) ?? "heartbeat", { id, button: toButtonId(name) })];
  }

  /** Reads a state on its own topic, as an action. */
  #readState(name: string, field: string, publish: Publish): Alarm[] {
    const flag = field === "sos" || this.#isButton(name) ? readFlag(toContent(publish.payload)) : null;
    if (flag === null || (this.#isRepeat(name, true, publish.at) && flag === true)) return [];
    return [toDeviceAlarm(name, null, flag, {}, publish)];
  }

  #readAvailability(name: string, content: unknown, { id, retain }: Publish): Alarm[] {
    if (!this.#isButton(name)) return [];
    return readPresence(name, content, id).filter(({ kind }) => kind === "trouble" || !retain);
  }

  /** The kind of a message by its action; null when there was none, or one that is no press. */
  #toActionKind(name: string, action: unknown): "press" | "unreadable" | null {
    const { actions, ignore = [] } = this.#options;
    // An empty action clears the one before it: nothing was pressed.
    if (action === undefined || action === null || action === "") return null;
    if (typeof action !== "string") return "unreadable";
    if (ignore.includes(action)) return null;
    if (actions !== undefined && !actions.includes(action)) {
      this.#noteOnce("zigbee-action-not-listed", { button: name, action });
    }
    return "press";
  }

  #isButton(name: string): boolean {
    return this.#areAllButtons || this.#buttons.has(name);
  }

  #remember(name: string, seen: Seen | null): void {
    if (this.#buttons.has(name) || this.#buttons.size < maxDevices) this.#buttons.set(name, seen);
  }

  #isRepeat(name: string, said: unknown, at: number): boolean {
    const seen = this.#buttons.get(name);
    this.#remember(name, null);
    return seen != null && seen.said === said && at - seen.at <= repeatMs;
  }

  /** Notes those fields of a button that we don't know, each once. */
  #noteUnread(button: string, fields: readonly string[]): void {
    const event = "zigbee-fields-not-read";
    const isNew = (field: string) => this.#isNew(JSON.stringify([event, button, field]));
    const unread = findUnread(fields).slice(0, maxNotedFields).filter(isNew);
    if (unread.length > 0) this.#noteShort(event, { button, fields: unread.join(" ") });
  }

  #noteOnce(event: NoteEvent, facts: Readonly<Record<string, string>>): void {
    if (this.#isNew(JSON.stringify([event, facts]))) this.#noteShort(event, facts);
  }

  /** Whether it was not noted since the start; once too much was, nothing is new any more. */
  #isNew(key: string): boolean {
    if (this.#noted.has(key) || this.#noted.size >= maxDevices) return false;
    this.#noted.add(key);
    return true;
  }

  #noteShort(event: NoteEvent, facts: Readonly<Record<string, string>>): void {
    const short = Object.entries(facts).map(([fact, text]) => [fact, text.slice(0, maxNotedLength)]);
    this.#note(event, Object.fromEntries(short));
  }
}

/** The alarm of a device's message, by its action, then its state, then what else it says. */
function toDeviceAlarm(
  name: string,
  actionKind: "press" | "unreadable" | null,
  flag: Flag,
  device: Partial<Device>,
  publish: Publish,
): Alarm {
  const parts = toParts(name, device, publish);
  const state = toOwnState(flag === "unreadable" ? null : flag);
  if (actionKind !== null) return toAlarm(actionKind, { ...parts, state });
  if (flag === "unreadable") return toAlarm(flag, parts);
  if (flag !== true) return toAlarm(toSideKind(device), { ...parts, state });
  return toAlarm("pressed", { ...toStateParts(name, device, publish), state });
}

function toSideKind({ tamper, battery_low: isLow }: Partial<Device>): Alarm["kind"] {
  if (tamper) return "trouble";
  return isLow ? "battery-low" : "heartbeat";
}

function toParts(name: string, { battery, last_seen: at }: Partial<Device>, { id }: Publish) {
  return { id, button: toButtonId(name), at: at ?? null, battery: battery === undefined ? null : battery / 100 };
}

/** Of a state that is on: `last_seen` is when the device itself last sent, so the same moment is only said again. */
function toStateParts(name: string, device: Partial<Device>, publish: Publish) {
  const parts = toParts(name, device, publish);
  return parts.at === null ? parts : { ...parts, id: toIdentity(parts.button, parts.at) };
}

/**
 * Reads `{"state":…}`, or plain text as in older versions; anything else gives no alarm.
 * https://www.zigbee2mqtt.io/guide/configuration/device-availability.html
 */
function readPresence(device: string, content: unknown, id: string): Alarm[] {
  const state = State.safeParse(isObject(content) ? content.state : content).data;
  if (state === undefined) return [];
  return [toAlarm(state === "offline" ? "trouble" : "heartbeat", { id, button: toButtonId(device) })];
}

/** Whether it looks like the beginning of an object. */
function isTorn(content: unknown): boolean {
  return typeof content === "string" && content.trimStart().startsWith("{");
}

function isOneOf(fields: readonly string[], name: string): boolean {
  return fields.includes(name);
}
