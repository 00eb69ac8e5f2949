import { createHmac, timingSafeEqual } from "node:crypto";

/** The token in a guard's link: the page's key and its HMAC-SHA256 under a server key. Made again when needed, never stored. */
export function toGuardToken(pageKey: string, key: Buffer): string {
  return `${pageKey}.${toProof(pageKey, key).toString("base64url")}`;
}

/** The page's key when one of the server keys made this token (two are valid while one is being replaced), else null. */
export function fromGuardToken(token: string, keys: readonly Buffer[]): string | null {
  const end = token.lastIndexOf(".");
  if (end < 1) return null;
  const pageKey = token.slice(0, end);
  const given = Buffer.from(token.slice(end + 1), "base64url");
  const proofs = keys.map((key) => toProof(pageKey, key));
  return proofs.some((proof) => given.length === proof.length && timingSafeEqual(given, proof)) ? pageKey : null;
}

/** The prefix keeps this use of the key apart from any other. */
function toProof(pageKey: string, key: Buffer): Buffer {
  return createHmac("sha256", key).update(`guard:${pageKey}`).digest();
}
