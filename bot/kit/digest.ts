import { hash } from "node:crypto";

/** The SHA-256 of a text, in hex, by which the text can be recognised without being shown. */
export function toDigest(text: string): string {
  return hash("sha256", text);
}
