import { toCrc } from "./crc.ts";

/**
 * One frame of ANSI/SIA DC-09 without its CRC and length. Texts hold one character for each byte (Latin-1), so that any
 * frame goes through unchanged. The draft of the standard:
 * https://www.yumpu.com/en/document/view/47594214/dc-09-preparing-for-ansi-public-review-security-industry-
 */
export interface Frame {
  /**
   * How the sender writes its CRC: four hexadecimal digits, or two bytes as older panels do. Answers go the same way.
   */
  readonly crcForm: "text" | "raw";
  /** SIA-DCS, ADM-CID, NULL, ACK, NAK, DUH, RSP …; without the asterisk of an encrypted frame. */
  readonly id: string;
  readonly isEncrypted: boolean;
  /** Four digits; "" when the sender left it out. */
  readonly sequence: string;
  /** The digits after R and after L; null when they are left out. */
  readonly receiver: string | null;
  readonly prefix: string | null;
  /** The account without its number sign; null when it is left out, or stands inside the brackets only. */
  readonly account: string | null;
  /**
   * Everything after the first "[": data, "]", extended data and timestamp, or all of that in hex when it is encrypted.
   * null without a bracket.
   */
  readonly rest: string | null;
}

/** Why bytes are no frame: not built as one, or damaged on the way. */
export type FrameFault = "form" | "crc";

/** The longest body that its three hexadecimal digits can count, in bytes. */
export const maxBodyBytes = 0xfff;

export const lineFeed = 0x0a;
export const carriageReturn = 0x0d;
const quote = 0x22;

/**
 * Reads what stands between LF and CR. No part behind the id is required. A wrong length is ignored when the CRC is
 * right, because some panels count it wrong, and refusing their frames would lose alarms. Never throws.
 */
export function readFrame(bytes: Buffer): Frame | FrameFault {
  const crcForm = toCrcForm(bytes);
  if (crcForm === null) return "form";
  const body = bytes.subarray(headLength[crcForm]);
  const crc = crcForm === "text" ? Number.parseInt(bytes.toString("latin1", 0, 4), 16) : bytes.readUInt16BE(0);
  if (crc !== toCrc(body)) return "crc";
  const match = /^"(\*?)([^"]*)"(\d{0,4})([^[]*)(?:\[(.*))?$/s.exec(body.toString("latin1"));
  if (match === null) return "form";
  const [, asterisk = "", id = "", sequence = "", address = "", rest = null] = match;
  const [, receiver = null, prefix = null] = /^(?:R([0-9a-f]*))?(?:L([0-9a-f]*))?(?:#|$)/i.exec(address) ?? [];
  const account = /#([^#]*)$/.exec(address)?.[1] ?? null;
  return { crcForm, id, isEncrypted: asterisk !== "", sequence, receiver, prefix, account, rest };
}

/**
 * The account that bytes name which are no frame, or a damaged one; null when they name none. Only for finding out
 * whose line is bad, because any of the bytes may be wrong.
 */
export function readDamagedAccount(bytes: Buffer): string | null {
  return /#([0-9a-f]{3,16})[[|]/i.exec(bytes.toString("latin1"))?.[1] ?? null;
}

/** The frame's bytes from LF to CR. The inverse of `readFrame`. */
export function writeFrame(frame: Frame): Buffer {
  const { id, sequence, receiver, prefix, account, rest } = frame;
  const parts = [
    `"${frame.isEncrypted ? "*" : ""}${id}"${sequence}`,
    receiver === null ? "" : `R${receiver}`,
    prefix === null ? "" : `L${prefix}`,
    account === null ? "" : `#${account}`,
    rest === null ? "" : `[${rest}`,
  ];
  return toFrameBytes(parts.join(""), frame.crcForm);
}

/** Puts CRC, length, LF and CR around a body, one byte for each of its characters. */
export function toFrameBytes(body: string, crcForm: Frame["crcForm"]): Buffer {
  const bytes = Buffer.from(body, "latin1");
  const crc = toHex(toCrc(bytes));
  return Buffer.concat([
    Buffer.from([lineFeed]),
    Buffer.from(crc, crcForm === "text" ? "latin1" : "hex"),
    Buffer.from(toHex(bytes.length), "latin1"),
    bytes,
    Buffer.from([carriageReturn]),
  ]);
}

/** How many bytes stand before the first quote. */
export const headLength = { text: 8, raw: 6 } as const;

/**
 * Tells by the place of the first quote how the CRC in front of it is written, since two raw bytes may be anything, LF
 * and CR included. null when `bytes` do not go on at `at` as a frame does after its LF.
 */
export function toCrcForm(bytes: Buffer, at = 0): Frame["crcForm"] | null {
  if (bytes[at + headLength.text] === quote && isHex(bytes, at, at + 8)) return "text";
  if (bytes[at + headLength.raw] === quote && isHex(bytes, at + 2, at + 6)) return "raw";
  return null;
}

function isHex(bytes: Buffer, from: number, to: number): boolean {
  for (let at = from; at < to; at += 1) {
    const byte = bytes[at] ?? 0;
    const letter = byte | 0x20;
    if (!(byte >= 0x30 && byte <= 0x39) && !(letter >= 0x61 && letter <= 0x66)) return false;
  }
  return true;
}

function toHex(value: number): string {
  return value.toString(16).toUpperCase().padStart(4, "0");
}
