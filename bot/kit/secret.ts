import { createHash, timingSafeEqual } from "node:crypto";

/** Whether two texts are the same. Digests are compared, so that neither the time nor the length reveals a secret. */
export function isSameSecret(actual: string, secret: string): boolean {
  return timingSafeEqual(toSha256(actual), toSha256(secret));
}

/** Whether two proofs are the same bytes, compared in constant time; their length is no secret. */
export function isSameProof(actual: Uint8Array, expected: Uint8Array): boolean {
  return actual.length === expected.length && timingSafeEqual(actual, expected);
}

function toSha256(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
