// https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
import { createHmac, createSecretKey, type KeyObject } from "node:crypto";
import { findValue, isSameProof, type Secret, type SecretValue, valuesOf } from "../../bot/kit/secrets/secret.ts";
import { expects } from "../../bot/words/settings/expects.ts";

const prefix = "whsec_";
/**
 * How old a message may be by the specification's advice against replays; both ways, because either clock may be wrong.
 */
const toleranceMs = 5 * 60_000;
const minSecretBytes = 16;

/** The message of a settings schema where `isSecret` is false. */
export const secretRule = expects("signingSecret");

/** Whether this is long enough for a secret, of signatures or as a bearer token. */
export function isSecret(secret: string): boolean {
  return secret.length >= minSecretBytes && toKeyBytes(secret).length >= minSecretBytes;
}

/** Whether this secret is one for signatures by the specification. */
export function canSign(secret: string): boolean {
  return secret.startsWith(prefix);
}

/**
 * The three headers of a signed message (Standard Webhooks, symmetric scheme v1), with a signature by each value of the
 * secret, newest first, so that the receiver may change it sooner or later than we. `now` is epoch milliseconds.
 */
export function toSignedHeaders(id: string, body: string | Buffer, secret: Secret, now: number) {
  const timestamp = String(Math.floor(now / 1000));
  const signatures = valuesOf(secret).map((value) => `v1,${sign(id, timestamp, body, value).toString("base64")}`);
  return { "webhook-id": id, "webhook-timestamp": timestamp, "webhook-signature": signatures.join(" ") };
}

/**
 * By which value of the secret one of the message's signatures is right, its timestamp within five minutes of `now`
 * (epoch milliseconds); null: by none. Schemes other than v1 are ignored, as the specification asks, so that a sender
 * can rotate keys and schemes.
 */
export function findSignature(
  headers: Readonly<Record<string, string | undefined>>,
  body: string | Buffer,
  secret: Secret,
  now: number,
): SecretValue | null {
  const id = headers["webhook-id"];
  const timestamp = headers["webhook-timestamp"];
  const signatures = headers["webhook-signature"];
  if (!id || !timestamp || !signatures) return null;
  if (!/^\d{1,12}$/.test(timestamp) || Math.abs(Number(timestamp) * 1000 - now) > toleranceMs) return null;
  const received = signatures.split(" ").flatMap((signature) => {
    const [scheme, value = ""] = signature.split(",", 2);
    return scheme === "v1" ? [Buffer.from(value, "base64")] : [];
  });
  return findValue(secret, (value) => {
    const expected = sign(id, timestamp, body, value);
    return received.some((each) => isSameProof(each, expected));
  });
}

/**
 * The key of each configured secret, stored because making one takes ten times as long as signing with it, at every
 * press.
 */
const signingKeys = new Map<string, KeyObject>();

function sign(id: string, timestamp: string, body: string | Buffer, secret: string): Buffer {
  const key = signingKeys.get(secret) ?? createSecretKey(toKeyBytes(secret));
  signingKeys.set(secret, key);
  return createHmac("sha256", key).update(`${id}.${timestamp}.`).update(body).digest();
}

/** The bytes in base64 after `whsec_`, else the secret itself in UTF-8. */
function toKeyBytes(secret: string): Buffer {
  return canSign(secret) ? Buffer.from(secret.slice(prefix.length), "base64") : Buffer.from(secret, "utf8");
}
