import { createHmac } from "node:crypto";
import { isSameProof, type SecretValue, toSecretValue } from "../../kit/secrets/secret.ts";

/** The keys of the guards' links: the first makes links, every one of them opens one. */
export type GuardKeys = readonly [Buffer, ...Buffer[]];

/**
 * Returns the configured secrets, newest first, and behind them the store's own keys while there are fewer than two. So
 * the change to configured keys breaks no link of an open incident, and neither does a rotation that keeps the old
 * secret second. A secret's text is the key as it is: HMAC takes a key of any length from its own output up (RFC 2104,
 * section 3), the prefix in `toProof` keeps this use apart, and no derivation would make a secret that can be guessed a
 * better one.
 */
export function toGuardKeys(secrets: readonly string[], ...own: GuardKeys): GuardKeys {
  const [newest, older] = secrets.map((secret) => Buffer.from(secret, "utf8"));
  if (newest === undefined) return own;
  return older === undefined ? [newest, ...own] : [newest, older];
}

/**
 * The token in a guard's link: the page's key and its HMAC-SHA256 under a server key. It is made again when needed, and
 * never stored.
 */
export function toGuardToken(pageKey: string, key: Buffer): string {
  return `${pageKey}.${toProof(pageKey, key).toString("base64url")}`;
}

/** Returns the page's key, and which of the server keys made this very token; null when none did. */
export function fromGuardToken(
  token: string,
  keys: readonly Buffer[],
): { readonly pageKey: string; readonly value: SecretValue } | null {
  const end = token.lastIndexOf(".");
  if (end < 1) return null;
  const pageKey = token.slice(0, end);
  const received = Buffer.from(token);
  // Texts are compared, because a decoder lets characters pass that mean nothing. All keys are tried, because the time
  // of an early end would show which one fits.
  const tokens = keys.map((key) => Buffer.from(toGuardToken(pageKey, key)));
  const value = toSecretValue(tokens.map((one) => isSameProof(received, one)).indexOf(true));
  return value === null ? null : { pageKey, value };
}

/** Returns all 256 bits. The prefix keeps this use of the key apart from any other. */
function toProof(pageKey: string, key: Buffer): Buffer {
  return createHmac("sha256", key).update(`guard:${pageKey}`).digest();
}
