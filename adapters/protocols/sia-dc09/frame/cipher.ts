import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { expects } from "../../../../bot/words/settings/expects.ts";

const blockLength = 16;
const keyLengths = [16, 24, 32];
/** Sixty-four characters, so that six bits of a random byte choose one; none of them has a meaning in a frame. */
const padCharacters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.-";

/** The message for a key that `toKeys` can't use. */
export const keyRule = expects("siaKey");

/**
 * The AES keys that a text may stand for, the likelier first; none when it has no fitting length. Panels ask for the
 * key in hexadecimal digits or in characters, and 32 digits can be meant as either.
 */
export function toKeys(text: string): Buffer[] {
  const digits = /^(?:[0-9a-f]{2})+$/i.test(text) ? [Buffer.from(text, "hex")] : [];
  return [...digits, Buffer.from(text, "utf8")].filter((key) => keyLengths.includes(key.length));
}

/**
 * Encrypts what stands after "[" (ANSI/SIA DC-09: AES in CBC with an initial vector of zeros) to upper-case hex. Random
 * characters and "|" in front fill it up to whole blocks; a whole block of them when it fills its blocks already,
 * because only they make two equal messages differ. `text` has one character for each byte.
 */
export function encrypt(text: string, key: Buffer): string {
  const bytes = Buffer.from(`|${text}`, "latin1");
  const padLength = blockLength - (bytes.length % blockLength);
  const pad = Array.from(randomBytes(padLength), (byte) => padCharacters[byte & 63]).join("");
  const cipher = createCipheriv(toAlgorithm(key), key, Buffer.alloc(blockLength)).setAutoPadding(false);
  return Buffer.concat([cipher.update(pad, "latin1"), cipher.update(bytes), cipher.final()])
    .toString("hex")
    .toUpperCase();
}

/**
 * The text of `hex` decrypted by `key`, with its padding still in front; null when it can't be AES. A wrong key gives
 * random characters, not an error.
 */
export function decrypt(hex: string, key: Buffer): string | null {
  if (!/^(?:[0-9a-f]{32})+$/i.test(hex)) return null;
  const decipher = createDecipheriv(toAlgorithm(key), key, Buffer.alloc(blockLength)).setAutoPadding(false);
  return Buffer.concat([decipher.update(hex, "hex"), decipher.final()]).toString("latin1");
}

function toAlgorithm(key: Buffer): string {
  return `aes-${key.length * 8}-cbc`;
}
