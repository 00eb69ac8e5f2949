// https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
import { createHmac, createSecretKey, type KeyObject } from "node:crypto";
import { isSameProof } from "../../bot/kit/secret.ts";

const prefix = "whsec_";
/**
 * How old a message may be by the specification's advice against replays; both ways, because either clock may be wrong.
 */
const toleranceMs = 5 * 60_000;
const minSecretBytes = 16;

/** The message of a settings schema where `isSecret` is false. */
export const secretRule = "a secret is whsec_ with at least 16 bytes in base64, or else at least 16 characters";

/** Whether this is long enough for a secret, of signatures or as a bearer token. */
export function isSecret(secret: string): boolean {
  return secret.length >= minSecretBytes && toKeyBytes(secret).length >= minSecretBytes;
}

/** Whether this secret is one for signatures by the specification. */
export function canSign(secret: string): boolean {
  return secret.startsWith(prefix);
}

/** The three headers of a signed message (Standard Webhooks, symmetric scheme v1). `now` is epoch milliseconds. */
export function toSignedHeaders(id: string, body: string | Buffer, secret: string, now: number) {
  const timestamp = String(Math.floor(now / 1000));
  const signature = sign(id, timestamp, body, secret).toString("base64");
  return { "webhook-id": id, "webhook-timestamp": timestamp, "webhook-signature": `v1,${signature}` };
}

/**
 * Whether one of the message's signatures is right and its timestamp within five minutes of `now` (epoch milliseconds).
 * Schemes other than v1 are ignored, as the specification asks, so that a sender can rotate keys and schemes.
 */
export function isSigned(
  headers: Readonly<Record<string, string | undefined>>,
  body: string | Buffer,
  secret: string,
  now: number,
): boolean {
  const id = headers["webhook-id"];
  const timestamp = headers["webhook-timestamp"];
  const signatures = headers["webhook-signature"];
  if (!id || !timestamp || !signatures) return false;
  if (!/^\d{1,12}$/.test(timestamp) || Math.abs(Number(timestamp) * 1000 - now) > toleranceMs) return false;
  const expected = sign(id, timestamp, body, secret);
  return signatures.split(" ").some((signature) => {
    const [scheme, value = ""] = signature.split(",", 2);
    const received = Buffer.from(value, "base64");
    return scheme === "v1" && isSameProof(received, expected);
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
