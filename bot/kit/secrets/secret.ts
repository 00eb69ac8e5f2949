import { hash, timingSafeEqual } from "node:crypto";

/**
 * A secret as it is configured: one value, or two while it is changed, the new one first and the one before it, which
 * both count. What we send or sign ourselves is by the first.
 */
export type Secret = string | readonly string[];

/** Which value of a secret was right: the first, also where there is one alone, or the one before it. */
export type SecretValue = "first" | "second";

/** Is told that somebody used that value of a secret; `secret` is its path in the configuration. */
export type NoteSecret = (secret: string, value: SecretValue) => void;

/** The values of a secret, newest first. */
export function valuesOf(secret: Secret): readonly string[] {
  return typeof secret === "string" ? [secret] : secret;
}

/** The value by which we send and sign. */
export function newestOf(secret: Secret): string {
  return valuesOf(secret)[0] ?? "";
}

/**
 * Which value of a secret that test takes; null: none. Every value is tested, because the time of an early end would
 * show which one fits.
 */
export function findValue(secret: Secret, isRight: (value: string) => boolean): SecretValue | null {
  return toSecretValue(valuesOf(secret).map(isRight).indexOf(true));
}

/** What the value at that place is called; null for -1, no place. */
export function toSecretValue(place: number): SecretValue | null {
  if (place < 0) return null;
  return place === 0 ? "first" : "second";
}

/** Which value of a secret that text is, in constant time; null: none. */
export function matchSecret(actual: string, secret: Secret): SecretValue | null {
  return findValue(secret, (value) => isSameSecret(actual, value));
}

/** Whether two texts are the same. Digests are compared, so that neither the time nor the length reveals a secret. */
export function isSameSecret(actual: string, secret: string): boolean {
  return timingSafeEqual(toSha256(actual), toSha256(secret));
}

/** Whether two proofs are the same bytes, compared in constant time; their length is no secret. */
export function isSameProof(actual: Uint8Array, expected: Uint8Array): boolean {
  return actual.length === expected.length && timingSafeEqual(actual, expected);
}

function toSha256(text: string): Buffer {
  return hash("sha256", text, "buffer");
}
