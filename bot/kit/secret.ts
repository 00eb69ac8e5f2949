import { createHash, timingSafeEqual } from "node:crypto";

/** Whether two texts are the same; digests are compared, so that neither the time nor the length tells of a secret. */
export function isSameSecret(given: string, secret: string): boolean {
  return timingSafeEqual(toSha256(given), toSha256(secret));
}

/** Whether two proofs are the same bytes, in constant time; their length is no secret. */
export function isSameProof(given: Uint8Array, expected: Uint8Array): boolean {
  return given.length === expected.length && timingSafeEqual(given, expected);
}

function toSha256(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
