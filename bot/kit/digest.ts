import { createHash } from "node:crypto";

/** SHA-256 of a text, in hex: by it the text is known again without being shown. */
export function toDigest(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
