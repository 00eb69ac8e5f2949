import { createHash } from "node:crypto";
import { z } from "zod";
import type { AlarmSource } from "../../bot/contracts.ts";
import { AlarmRejected } from "../../bot/errors.ts";
import { type Alarm, toAlarm } from "../../bot/incident/alarm.ts";
import { isSame } from "../caller.ts";
import { toIdentity } from "../identity.ts";
import { Message, MessageId, parseJson } from "../message.ts";
import { canSign, isSecret, isSigned, secretRule, toSignedHeaders } from "../standard-webhooks.ts";

const WebhookOptions = z.object({ secret: z.string().refine(isSecret, secretRule) });
type WebhookOptions = z.infer<typeof WebhookOptions>;

/**
 * Any sender that can post JSON: signed by Standard Webhooks, or with the secret as a bearer token.
 * One alarm per message, or several in an array. A message without a readable button is unreadable, unless it names a
 * kind that never is a press.
 */
export const webhook: AlarmSource<WebhookOptions> = {
  title: "Webhook (Standard Webhooks or bearer)",
  Options: WebhookOptions,
  hasHeartbeat: true,

  verify(request, { secret }) {
    if (isBearer(request.headers.authorization, secret)) return;
    if (canSign(secret) && isSigned(request.headers, request.body, secret, request.receivedAt)) return;
    throw new AlarmRejected(401, "The signature or the bearer token is missing, wrong or too old.");
  },

  parse({ headers, body }) {
    const delivery = MessageId.parse(headers["webhook-id"]);
    const content = parseJson(body);
    const parts: unknown[] = Array.isArray(content) && content.length > 0 ? content : [content];
    const alarms = parts
      .map((part, index) => readPart(part, (id) => toKey(delivery ?? id, body, index)))
      .filter((alarm) => alarm !== null);
    // A list of rubbish is one unreadable message, not thousands.
    const firstUnreadable = alarms.findIndex((alarm) => alarm.kind === "unreadable");
    return alarms.filter((alarm, index) => alarm.kind !== "unreadable" || index === firstUnreadable);
  },

  example({ secret }, button, now) {
    const body = Buffer.from(JSON.stringify({ button, kind: "press", at: new Date(now).toISOString() }));
    const id = `example-${now}-${createHash("sha256").update(button).digest("hex").slice(0, 8)}`;
    const proof = canSign(secret)
      ? toSignedHeaders(id, body, secret, now)
      : { "webhook-id": id, authorization: `Bearer ${secret}` };
    return { method: "POST", path: "", query: "", headers: { "content-type": "application/json", ...proof }, body };
  },

  exampleOptions: { secret: `whsec_${Buffer.from("an example, not a secret").toString("base64")}` },
};

function isBearer(authorization: string | undefined, secret: string): boolean {
  const token = /^bearer +(.+)$/i.exec(authorization ?? "")?.[1];
  return token !== undefined && isSame(token, secret);
}

/** Same id and same bytes (rule 2); the index tells apart the alarms of one message. */
function toKey(id: string | null, body: Buffer, index: number): string | null {
  return id === null ? null : toIdentity(id, body, index);
}

function readPart(part: unknown, toKeyOf: (id: string | null) => string | null): Alarm | null {
  const message = Message.safeParse(part).data;
  if (!message) return toAlarm("unreadable", { id: toKeyOf(null) });
  const { kind, ...known } = { ...message, id: toKeyOf(message.id) };
  if (message.button !== "") return toAlarm(kind, known);
  return kind === "press" ? toAlarm("unreadable", known) : null;
}
