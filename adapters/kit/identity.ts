import { createHash } from "node:crypto";

/**
 * The identity of a message for rule 2: SHA-256 in hex over what stays the same however often, and by however many
 * ways, it is delivered. Never over what a decoder made of it: decoders add random fields.
 */
export function toIdentity(...parts: readonly (string | number | Buffer | null)[]): string {
  const hash = createHash("sha256");
  for (const part of parts) {
    const bytes = Buffer.isBuffer(part) ? part : Buffer.from(JSON.stringify(part));
    hash.update(`${bytes.length}:`).update(bytes);
  }
  return hash.digest("hex");
}
