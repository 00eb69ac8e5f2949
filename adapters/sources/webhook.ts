import { z } from "zod";
import type { AlarmSource } from "../../bot/contracts.ts";
import { RequestRejected } from "../../bot/errors.ts";
import { toDigest } from "../../bot/kit/digest.ts";
import { oneOrTwo } from "../../bot/kit/secrets/one-or-two.ts";
import { newestOf, valuesOf } from "../../bot/kit/secrets/secret.ts";
import { findCaller, toCallerHeaders } from "../kit/caller.ts";
import { toIdentity } from "../kit/identity.ts";
import { MessageId, readMessages } from "../kit/message.ts";
import { canSign, findSignature, isSecret, secretRule, toSignedHeaders } from "../kit/standard-webhooks.ts";

const WebhookOptions = z.object({ secret: oneOrTwo(z.string().refine(isSecret, secretRule)) });
type WebhookOptions = z.infer<typeof WebhookOptions>;

/**
 * Any sender that can post JSON: signed by Standard Webhooks, or with the secret as a bearer token.
 * One alarm per message, or several in an array.
 */
export const webhook: AlarmSource<WebhookOptions> = {
  title: "Webhook (Standard Webhooks or bearer)",
  Options: WebhookOptions,
  hasHeartbeat: true,

  verify(head, { secret }) {
    const found = findCaller(head, { secret });
    if (found !== null) return found;
    const refusal = new RequestRejected(401, "The signature or the bearer token is missing, wrong or too old.");
    if (!valuesOf(secret).some(canSign) || head.headers["webhook-signature"] === undefined) throw refusal;
    return (body) => {
      const signed = findSignature(head.headers, body, secret, head.receivedAt);
      if (signed === null) throw refusal;
      return signed;
    };
  },

  parse({ headers, body }) {
    const messageId = MessageId.parse(headers["webhook-id"]);
    return readMessages(body, (id, index) => toAlarmId(messageId ?? id, body, index));
  },

  example({ secret }, button, now) {
    const body = Buffer.from(JSON.stringify({ button, kind: "press", at: new Date(now).toISOString() }));
    const id = `example-${now}-${toDigest(button).slice(0, 8)}`;
    const proof = canSign(newestOf(secret))
      ? toSignedHeaders(id, body, secret, now)
      : { "webhook-id": id, ...toCallerHeaders({ secret }) };
    return { method: "POST", path: "", query: "", headers: { "content-type": "application/json", ...proof }, body };
  },

  exampleOptions: { secret: `whsec_${Buffer.from("an example, not a secret").toString("base64")}` },
};

/** The identity of an alarm: same id and same bytes (rule 2); the index tells apart the alarms of one message. */
function toAlarmId(id: string | null, body: Buffer, index: number): string | null {
  return id === null ? null : toIdentity(id, body, index);
}
