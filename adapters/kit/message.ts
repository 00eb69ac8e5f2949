import { z } from "zod";
import { type Alarm, mayBePress, Position, toAlarm } from "../../bot/domain/alarm.ts";
import { toPlace } from "../../bot/kit/safe-text.ts";
import { toFill } from "./reading.ts";
import { findText, isClosed } from "./torn-json.ts";

/**
 * A field that is null when it is absent or wrong, because a wrong field must not cost us the press (rule 5). The
 * default is for the usual case of an absent field, because a caught error takes more time.
 */
export function optional<Value>(field: z.ZodType<Value>) {
  return field.nullable().default(null).catch(null);
}

/** The id of a message; null when there is none that can be used. */
export const MessageId = optional(z.string().min(1).max(256));

/** A moment with its offset, as ISO 8601 writes it, with or without a colon in the offset; epoch milliseconds. */
export const Moment = optional(
  z
    .string()
    .transform((text) => text.replace(/([+-]\d\d)(\d\d)$/, "$1:$2"))
    .pipe(z.iso.datetime({ offset: true }))
    .transform((text) => Date.parse(text)),
);

/** A place from outside, made fit for a card. */
export const Place = optional(z.string().transform(toPlace));

/** A button's id as text or number; "" when there is none that can be read. */
export const ButtonId = z
  .union([z.string(), z.number()])
  .transform((button) => String(button).trim().slice(0, 128))
  .default("")
  .catch("");

/** Our own JSON form of a message. Never fails on an object. */
export const Message = z.object({
  button: ButtonId,
  /** An unknown kind is taken for a press, because it may be one. */
  kind: z
    .string()
    .toLowerCase()
    .pipe(z.enum(["press", "test", "cancel", "heartbeat", "battery-low"]))
    .default("press")
    .catch("press"),
  id: MessageId,
  at: Moment,
  place: Place,
  position: optional(z.object({ ...Position.shape, accuracyM: optional(z.number().nonnegative()) })),
  battery: z.unknown().optional().transform(toFill),
});
export type Message = z.infer<typeof Message>;

/**
 * The alarms of a message in our own form: one, or several in an array. `toId` gives the identity of the alarm with
 * that index and id. A message without a readable button is unreadable, unless it names a kind that never is a press.
 */
export function readMessages(body: Buffer, toId: (id: string | null, index: number) => string | null): Alarm[] {
  const content = parseJson(body);
  const parts: unknown[] = Array.isArray(content) && content.length > 0 ? content : [content];
  const read = (part: unknown) => (part === undefined ? readTorn(toOnly(body)) : Message.safeParse(part).data);
  const alarms = parts.map((part, index) => toMessageAlarm(read(part), (id) => toId(id, index)));
  return toOneUnnamed(alarms.filter((alarm) => alarm !== null));
}

/**
 * What a message in our own form says that is no JSON: its button, kind and place where they can be found. Its kind
 * counts only when nothing broke off, because then one wrong field beside them is all that is wrong.
 */
export function readTorn(bytes: Buffer): Omit<Message, "kind"> & Pick<Alarm, "kind"> {
  const [button, kind, place] = ["button", "kind", "place"].map((name) => findText(bytes, name));
  const message = Message.parse({ button, kind, place });
  return isClosed(bytes) ? message : { ...message, kind: "unreadable" };
}

/**
 * The alarms with only the first of those that are unreadable and name no button, so that a list of unreadable parts is
 * one alarm and not thousands.
 */
export function toOneUnnamed(alarms: readonly Alarm[]): Alarm[] {
  const firstUnnamed = alarms.findIndex(isUnnamed);
  return alarms.filter((alarm, index) => !isUnnamed(alarm) || index === firstUnnamed);
}

function isUnnamed({ kind, button }: Alarm): boolean {
  return kind === "unreadable" && button === "";
}

/** The one message in a list of one that is no JSON; all of it when it is anything else. */
function toOnly(bytes: Buffer): Buffer {
  const text = bytes.toString("utf8").trim();
  const inner = Buffer.from(text.slice(1, -1));
  return text.startsWith("[") && text.endsWith("]") && isClosed(inner) ? inner : bytes;
}

function toMessageAlarm(
  message: ReturnType<typeof readTorn> | undefined,
  toId: (id: string | null) => string | null,
): Alarm | null {
  if (!message) return toAlarm("unreadable", { id: toId(null) });
  const { kind, ...known } = { ...message, id: toId(message.id) };
  if (message.button !== "") return toAlarm(kind, known);
  return mayBePress(kind) ? toAlarm("unreadable", known) : null;
}

/**
 * Parses JSON; undefined when it is none. An object or list that was put in as a text is parsed once more; any other
 * text stays one. Reads UTF-8, and UTF-16 with a byte order mark; skips such a mark, and the zero bytes and blanks with
 * which some senders end.
 */
export function parseJson(bytes: Buffer): unknown {
  const mark = bytes.toString("hex", 0, 2);
  const text = new TextDecoder(mark === "fffe" ? "utf-16le" : mark === "feff" ? "utf-16be" : "utf-8").decode(bytes);
  let end = text.length;
  while (end > 0 && text.charCodeAt(end - 1) <= 0x20) end -= 1;
  const content = parseText(text.slice(0, end));
  if (typeof content !== "string") return content;
  const inner = parseText(content);
  return typeof inner === "object" && inner !== null ? inner : content;
}

function parseText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
