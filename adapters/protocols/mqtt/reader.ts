import { z } from "zod";
import type { ListenerHost } from "../../../bot/contracts.ts";
import { type Alarm, mayBePress, toAlarm } from "../../../bot/domain/alarm.ts";
import { expects } from "../../../bot/words/settings/expects.ts";
import { evaluate } from "../../kit/expression.ts";
import { toIdentity } from "../../kit/identity.ts";
import { mappingOver, readMapping } from "../../kit/mapping.ts";
import { readMessages } from "../../kit/message.ts";
import { toOwnState } from "../../kit/reading.ts";
import { maxPayloadBytes, type Publish, toButtonId, toContent } from "./publish.ts";
import { isOnFilter, TopicFilter, toTopicName, toWildcards } from "./topic.ts";
import { Zigbee2mqttOptions, Zigbee2mqttReader } from "./zigbee2mqtt.ts";
import { toDeviceList, toZigbee2mqttExample } from "./zigbee2mqtt-example.ts";

/**
 * A topic to subscribe to, and the form of its messages. `message`: our own form, as in the body of a webhook.
 * `mapping`: expressions over `payload` (its JSON, else its text) and `topic`; `button` is a level of the topic,
 * counted from 1, or a field such as `payload.device.id`; when left out, it is what the filter's wildcard stands for;
 * `example` is a payload that is a press.
 */
export const TopicOptions = z.discriminatedUnion("format", [
  z.strictObject({ format: z.literal("zigbee2mqtt"), topic: TopicFilter, ...Zigbee2mqttOptions.shape }),
  z.strictObject({ format: z.literal("message"), topic: TopicFilter }),
  z.strictObject({
    format: z.literal("mapping"),
    topic: TopicFilter,
    mapping: mappingOver(["payload", "topic"]),
    button: z
      .union([z.int().positive(), z.string().regex(/^payload(\.[A-Za-z_]\w*)+$/)], expects("topicButton"))
      .optional(),
    example: z.string().optional(),
  }),
]);
export type TopicOptions = z.infer<typeof TopicOptions>;
type MappedTopic = Extract<TopicOptions, { format: "mapping" }>;

/** Reads the messages on a source's topics. */
export class Reader {
  readonly #formats: readonly { readonly options: TopicOptions; readonly read: (publish: Publish) => Alarm[] }[];

  constructor(topics: readonly TopicOptions[], note: ListenerHost["note"]) {
    this.#formats = topics.map((options) => ({ options, read: createRead(options, note) }));
  }

  /**
   * The alarms of a message. Never throws. Of a retained message only a state counts, because nobody knows when an
   * action was sent.
   */
  read(publish: Publish): Alarm[] {
    const { topic } = publish;
    const format = this.#formats.find(
      ({ options }) => isOnFilter(options.topic, topic) || isBridgeState(options, topic),
    );
    const payload = publish.payload.subarray(0, maxPayloadBytes);
    return format?.read({ ...publish, payload }) ?? [];
  }
}

/** A message of one topic, as its device would publish it. */
interface Example {
  readonly topic: string;
  readonly payload: string;
}

/**
 * A press of that button on the first of the topics that can carry one; null when none can. `devices`: what the topics
 * of `toDeviceLists` hold, by the topic; without one the example is a guess.
 */
export function toExample(
  topics: readonly TopicOptions[],
  button: string,
  now: number,
  devices: ReadonlyMap<string, unknown> = new Map(),
): Example | null {
  const examples = topics.map((options) => toTopicExample(options, button, now, devices));
  return examples.find((example) => example !== null && isPressOf(topics, example, button, now)) ?? null;
}

/** The topics on which bridges say what their devices can do. */
export function toDeviceLists(topics: readonly TopicOptions[]): string[] {
  return [...new Set(topics.flatMap((each) => (each.format === "zigbee2mqtt" ? [toDeviceList(each.base)] : [])))];
}

function isPressOf(topics: readonly TopicOptions[], { topic, payload }: Example, button: string, now: number): boolean {
  const publish = { topic, payload: Buffer.from(payload), retain: false, at: now, id: "example" };
  const [alarm] = new Reader(topics, () => {}).read(publish);
  return alarm?.kind === "press" && alarm.button === button;
}

/** The filters to subscribe to: the topics, and the state of each bridge whose devices are on them. */
export function toFilters(topics: readonly TopicOptions[]): string[] {
  const bridges = topics.flatMap((options) => (options.format === "zigbee2mqtt" ? [toBridgeState(options.base)] : []));
  const others = new Set(bridges.filter((name) => !topics.some(({ topic }) => isOnFilter(topic, name))));
  return [...topics.map(({ topic }) => topic), ...others];
}

function toBridgeState(base: string): string {
  return `${base}/bridge/state`;
}

function isBridgeState(options: TopicOptions, topic: string): boolean {
  return options.format === "zigbee2mqtt" && topic === toBridgeState(options.base);
}

function createRead(options: TopicOptions, note: ListenerHost["note"]): (publish: Publish) => Alarm[] {
  if (options.format === "zigbee2mqtt") {
    const reader = new Zigbee2mqttReader(options, note);
    return (publish) => reader.read(publish);
  }
  return (publish) => {
    // An empty message clears a retained one.
    if (publish.retain || publish.payload.length === 0) return [];
    return options.format === "message" ? readMessage(publish) : readMapped(publish, options);
  };
}

/** The alarms of a message in our own form; one without an id from its sender has the identity of its delivery. */
function readMessage({ payload, id: delivery }: Publish): Alarm[] {
  return readMessages(payload, (id, index) => toIdentity(id ?? delivery, id && payload, index));
}

function readMapped({ topic, payload, id }: Publish, options: MappedTopic): Alarm[] {
  const variables = { payload: toContent(payload), topic };
  const { kind, battery, position, isOn } = readMapping(options.mapping, variables);
  const button = toMappedButton(options, variables);
  if (button !== "") return [toAlarm(kind, { id, button, battery, position, state: toOwnState(isOn) })];
  return mayBePress(kind) ? [toAlarm("unreadable", { id, position })] : [];
}

function toMappedButton(
  { topic: filter, button }: MappedTopic,
  variables: { topic: string; payload: unknown },
): string {
  if (typeof button === "number") return toButtonId(variables.topic.split("/")[button - 1] ?? "");
  if (button === undefined) return toButtonId(toWildcards(filter, variables.topic).at(-1) ?? "");
  const value = evaluate(button, variables);
  return typeof value === "string" || typeof value === "number" ? toButtonId(String(value)) : "";
}

function toTopicExample(
  options: TopicOptions,
  button: string,
  now: number,
  devices: ReadonlyMap<string, unknown>,
): Example | null {
  if (options.format === "zigbee2mqtt") {
    return toZigbee2mqttExample(button, options, devices.get(toDeviceList(options.base)));
  }
  const topic = toTopicName(options.topic, button);
  if (options.format === "mapping") return { topic, payload: options.example ?? "" };
  return { topic, payload: JSON.stringify({ button, kind: "press", at: new Date(now).toISOString() }) };
}
