import { createHash } from "node:crypto";

/** The SHA-256 of a text, in hex, by which the text can be recognised without being shown. */
export function toDigest(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
