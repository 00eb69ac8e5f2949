import { z } from "zod";
import type { AlarmSource, InboundRequest } from "../../bot/contracts.ts";
import { type Alarm, toAlarm } from "../../bot/domain/alarm.ts";
import { CallerOptions, toCallerHeaders, verifyCaller } from "../kit/caller.ts";
import { toIdentity } from "../kit/identity.ts";
import { toJsonRequest } from "../kit/json-request.ts";
import { ButtonId, Message, MessageId, Moment, optional, parseJson, readTorn, toOneUnnamed } from "../kit/message.ts";
import { decodePercent } from "../kit/percent-encoding.ts";
import { findText } from "../kit/torn-json.ts";

const Types = z.array(z.string().min(1)).optional();

const CloudeventsOptions = z.object({
  ...CallerOptions.shape,
  /** Which values of `type` are which kind of message; data of any other type is read as our own form. */
  types: z
    .strictObject({ press: Types, test: Types, cancel: Types, heartbeat: Types, "battery-low": Types })
    .optional(),
});
type CloudeventsOptions = z.infer<typeof CloudeventsOptions>;

/**
 * The attributes that we read; a missing one costs no press.
 * https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/spec.md#context-attributes
 */
const Attributes = z.object({
  id: MessageId,
  source: optional(z.string()),
  type: optional(z.string()),
  subject: ButtonId,
  time: optional(z.union([z.string(), z.number()])),
});

/** https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/formats/json-format.md#31-handling-of-data */
const Envelope = z.object({
  ...Attributes.shape,
  data: z.unknown().optional(),
  data_base64: optional(z.string()),
  /** The type where Azure Event Grid uses a form of its own. */
  eventType: optional(z.string()),
});

/**
 * One event of any content mode. `data` is undefined when there is none, null when it can't be read; `bytes` is what
 * was received of it, null when that can't be compared.
 */
type CloudEvent = z.infer<typeof Attributes> & { readonly data: unknown; readonly bytes: Buffer | null };

/**
 * CNCF CloudEvents 1.0 over HTTP: structured, batched and binary mode. The button is what the data names, else the
 * event's subject, else its source.
 */
export const cloudevents: AlarmSource<CloudeventsOptions> = {
  title: "CloudEvents 1.0 (HTTP)",
  Options: CloudeventsOptions,
  hasHeartbeat: true,
  verify: verifyCaller,

  parse(request, options) {
    if (isBinary(request)) return readEvent(toBinaryEvent(request), options);
    const content = parseJson(request.body);
    // Only the data's own field: nobody knows whether it came whole, and it goes before the subject.
    if (content === undefined) {
      return [toAlarm("unreadable", { button: ButtonId.parse(findText(request.body, "data", "button")) })];
    }
    return toOneUnnamed((Array.isArray(content) ? content : [content]).flatMap((part) => readPart(part, options)));
  },

  example(options, button, now) {
    const event = {
      specversion: "1.0",
      id: `example-${now}`,
      source: "/example",
      type: "nl.example.alarm",
      time: new Date(now).toISOString(),
      data: { button, kind: "press" },
    };
    return toJsonRequest(event, { "content-type": "application/cloudevents+json", ...toCallerHeaders(options) });
  },

  exampleOptions: { secret: "an-example-and-no-secret" },
};

/**
 * https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/http-protocol-binding.md#3-http-message-mapping:
 * the content type decides. Structured events under a plain `application/json` are common, so without any of the
 * headers the body is looked at as well.
 */
function isBinary({ headers }: InboundRequest): boolean {
  if (/^application\/cloudevents/i.test(headers["content-type"] ?? "")) return false;
  return ["ce-specversion", "ce-type", "ce-source", "ce-id"].some((name) => headers[name] !== undefined);
}

function toBinaryEvent({ headers, body }: InboundRequest): CloudEvent {
  const names = Object.keys(headers).filter((name) => name.startsWith("ce-"));
  const attributes = names.map((name) => [name.slice("ce-".length), decodeHeader(headers[name] ?? "")]);
  return { ...Attributes.parse(Object.fromEntries(attributes)), ...toContent(body) };
}

/** Section 3.1.3.2: quotes off first, then one round of percent-decoding. What can't be decoded stays as it came. */
function decodeHeader(value: string): string {
  return decodePercent(/^"(.*)"$/.exec(value)?.[1]?.replace(/\\(.)/g, "$1") ?? value);
}

/**
 * Whether Azure Event Grid asks who is there, or says that a subscription is gone: a test of the link.
 * https://learn.microsoft.com/azure/event-grid/end-point-validation-event-grid-events-schema
 */
function isValidation({ type, eventType }: z.infer<typeof Envelope>): boolean {
  return /^Microsoft\.EventGrid\.Subscription(Validation|Deleted)Event$/.test(type ?? eventType ?? "");
}

function readPart(part: unknown, options: CloudeventsOptions): Alarm[] {
  const envelope = Envelope.safeParse(part).data;
  if (!envelope) return [toAlarm("unreadable")];
  if (isValidation(envelope)) return [];
  const { data, data_base64, ...attributes } = envelope;
  if (data_base64 !== null)
    return readEvent({ ...attributes, ...toContent(Buffer.from(data_base64, "base64")) }, options);
  // A string may be JSON that was put in as text, and null says that there is no data.
  if (typeof data === "string") return readEvent({ ...attributes, ...toContent(Buffer.from(data)) }, options);
  return readEvent({ ...attributes, data: data ?? undefined, bytes: toBytes(data ?? "") }, options);
}

function toContent(bytes: Buffer): Pick<CloudEvent, "data" | "bytes"> {
  return { data: bytes.length === 0 ? undefined : (parseJson(bytes) ?? null), bytes };
}

/** The data in bytes; null when it is nested too deep to be written, which reading allows. */
function toBytes(data: unknown): Buffer | null {
  try {
    return Buffer.from(JSON.stringify(data));
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

/** The alarms of an event: none for a message that never is a press and names no button. */
function readEvent({ data, bytes, ...attributes }: CloudEvent, { types }: CloudeventsOptions): Alarm[] {
  const isTorn = data === null && bytes !== null;
  const message = isTorn ? readTorn(bytes) : Message.safeParse(data === undefined ? {} : data).data;
  const { kind, ...known } = message ?? { ...Message.parse({}), kind: "unreadable" as const };
  const alarm = toAlarm(toKind(attributes.type, types) ?? kind, {
    ...known,
    id: toEventId(attributes, bytes),
    button: known.button || attributes.subject || ButtonId.parse(attributes.source),
    at: known.at ?? Moment.parse(attributes.time),
  });
  if (alarm.button !== "") return [alarm];
  return alarm.kind === "press" || alarm.kind === "unreadable" ? [{ ...alarm, kind: "unreadable" }] : [];
}

/**
 * Source and id alone would do by the specification, but a producer that counts from 1 again after a restart would lose
 * its presses. Extension attributes are left out, because those of a trace differ on a retry.
 */
function toEventId(
  { source, id, type, subject, time }: z.infer<typeof Attributes>,
  bytes: Buffer | null,
): string | null {
  return id === null || bytes === null ? null : toIdentity(source, id, type, subject, time, bytes);
}

function toKind(type: string | null, types: CloudeventsOptions["types"] = {}): Alarm["kind"] | null {
  if (type === null) return null;
  const kinds = ["press", "test", "cancel", "heartbeat", "battery-low"] as const;
  return kinds.find((kind) => types[kind]?.includes(type)) ?? null;
}
