import { createHash, timingSafeEqual } from "node:crypto";
import { z } from "zod";
import { AlarmRejected } from "../../bot/errors.ts";
import { type Alarm, Position, toPlace } from "../../bot/incident/alarm.ts";
import type { AlarmSource, InboundRequest } from "../../bot/ports.ts";
import { canSign, isSecret, isSigned, secretRule, toSignedHeaders } from "../standard-webhooks.ts";

const WebhookOptions = z.object({ secret: z.string().refine(isSecret, secretRule) });
type WebhookOptions = z.infer<typeof WebhookOptions>;

/** A field that is wrong is left out, because it must not cost us the press (rule 5). Absent is the usual case, hence the default: a caught error costs more. */
function optional<Value>(field: z.ZodType<Value>) {
  return field.nullable().default(null).catch(null);
}

const Id = optional(z.string().min(1).max(256));

/** Never fails on an object. */
const Message = z.object({
  button: z
    .union([z.string(), z.number()])
    .transform((button) => String(button).trim().slice(0, 128))
    .catch(""),
  /** A kind that we don't know may be a press, so it is one. */
  kind: z
    .string()
    .toLowerCase()
    .pipe(z.enum(["press", "test", "cancel", "heartbeat", "battery-low"]))
    .default("press")
    .catch("press"),
  id: Id,
  at: optional(z.iso.datetime({ offset: true }).transform(Date.parse)),
  place: optional(z.string().transform(toPlace)),
  position: optional(z.object({ ...Position.shape, accuracyM: optional(z.number().nonnegative()) })),
  battery: optional(z.number().min(0).max(1)),
});

/**
 * Any sender that can post JSON: signed by Standard Webhooks, or with the secret as a bearer token.
 * One alarm per message, or several in an array. A message without a readable button is unreadable, unless it names a
 * kind that never is a press.
 */
export const webhook: AlarmSource<WebhookOptions> = {
  title: "Webhook (Standard Webhooks or bearer)",
  Options: WebhookOptions,

  verify(request, { secret }) {
    if (isBearer(request.headers.authorization, secret)) return;
    if (canSign(secret) && isSigned(request.headers, request.body, secret, request.receivedAt)) return;
    throw new AlarmRejected(401, "The signature or the bearer token is missing, wrong or too old.");
  },

  parse(request) {
    const id = Id.parse(request.headers["webhook-id"]);
    const content = parseJson(request);
    const parts: unknown[] = Array.isArray(content) && content.length > 0 ? content : [content];
    const alarms = parts.map((part) => toAlarm(part, id)).filter((alarm) => alarm !== null);
    // A list of rubbish is one unreadable message, not thousands.
    const firstUnreadable = alarms.findIndex((alarm) => alarm.kind === "unreadable");
    return alarms.filter((alarm, index) => alarm.kind !== "unreadable" || index === firstUnreadable);
  },

  example({ secret }, button, now) {
    const body = Buffer.from(JSON.stringify({ button, kind: "press", at: new Date(now).toISOString() }));
    const id = `example-${now}-${sha256(button).toString("hex").slice(0, 8)}`;
    const proof = canSign(secret)
      ? toSignedHeaders(id, body, secret, now)
      : { "webhook-id": id, authorization: `Bearer ${secret}` };
    return { method: "POST", headers: { "content-type": "application/json", ...proof }, body };
  },

  exampleOptions: { secret: `whsec_${Buffer.from("an example, not a secret").toString("base64")}` },
};

/** Compares digests, so that neither the time it takes nor the length tells anything about the secret. */
function isBearer(authorization: string | undefined, secret: string): boolean {
  const token = /^bearer +(.+)$/i.exec(authorization ?? "")?.[1];
  return token !== undefined && timingSafeEqual(sha256(token), sha256(secret));
}

function sha256(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}

/** Undefined when it is no JSON; a byte order mark, as some senders put in front, is passed over. */
function parseJson(request: InboundRequest): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(request.body));
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function toAlarm(part: unknown, id: string | null): Alarm | null {
  const message = Message.safeParse(part).data;
  if (!message) return { kind: "unreadable", id, button: "", at: null, place: null, position: null, battery: null };
  const alarm = { ...message, id: id ?? message.id };
  if (alarm.button !== "") return alarm;
  return alarm.kind === "press" ? { ...alarm, kind: "unreadable" } : null;
}
