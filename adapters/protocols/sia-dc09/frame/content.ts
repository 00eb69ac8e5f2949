import { decrypt } from "./cipher.ts";
import type { Frame } from "./frame.ts";

/** The content of a frame between its first "[" and its end. One character for each byte. */
export interface Content {
  /** What stands between the brackets, the account included. */
  readonly data: string;
  /** Extended data by its letter; the first of each. */
  readonly extended: Readonly<Record<string, string>>;
  /** The sender's clock when it sent this, epoch milliseconds; null without a readable one. */
  readonly sentAt: number | null;
}

/** `_HH:MM:SS,MM-DD-YYYY` in UTC, to the second below. `at` in epoch milliseconds. */
export function toTimestamp(at: number): string {
  const [date = "", time = ""] = new Date(at).toISOString().split("T");
  const [year, month, day] = date.split("-");
  return `_${time.slice(0, 8)},${month}-${day}-${year}`;
}

/** The moment that `HH:MM:SS,MM-DD-YYYY` names, epoch milliseconds; null when there is no such moment. */
export function readTimestamp(text: string): number | null {
  const match = /^(\d\d:\d\d:\d\d),(\d\d)-(\d\d)-(\d{4})$/.exec(text);
  if (match === null) return null;
  const [, time, month, day, year] = match;
  const at = Date.parse(`${year}-${month}-${day}T${time}Z`);
  // Date accepts what no calendar has, such as 31 February and 24 o'clock, and rolls it over.
  return Number.isNaN(at) || toTimestamp(at) !== `_${text}` ? null : at;
}

/** How far a frame's time may be from its receiver's by ANSI/SIA DC-09. */
const maxAheadMs = 20_000;
const maxBehindMs = 40_000;

/** Whether a receiver whose clock shows `clockAt` may take a frame of `sentAt`; both in epoch milliseconds. */
export function isTimeRight(sentAt: number, clockAt: number): boolean {
  return sentAt <= clockAt + maxAheadMs && sentAt >= clockAt - maxBehindMs;
}

/** Reads what stands after "[" in a frame that is not encrypted. Brackets and timestamp may be missing. */
export function readContent(rest: string): Content {
  const end = rest.indexOf("]");
  const data = end === -1 ? rest.replace(/_[\d:,-]*$/, "") : rest.slice(0, end);
  const behind = end === -1 ? rest : rest.slice(end + 1);
  const stamp = [...behind.matchAll(/_(\d\d:\d\d:\d\d,\d\d-\d\d-\d{4})/g)].at(-1)?.[1];
  return {
    data,
    extended: readExtended(behind),
    sentAt: stamp === undefined ? null : readTimestamp(stamp),
  };
}

/** Reads what stands behind the data, such as `[X…][Y…]`, in one pass, because anybody may send a long one. */
function readExtended(text: string): Record<string, string> {
  const extended: Record<string, string> = {};
  let at = text.indexOf("[");
  while (at !== -1) {
    const letter = text.charAt(at + 1);
    if (/^[A-Z]$/.test(letter)) {
      const end = text.indexOf("]", at + 2);
      if (end === -1) break;
      extended[letter] ??= text.slice(at + 2, end);
      at = end;
    }
    at = text.indexOf("[", at + 1);
  }
  return extended;
}

/**
 * The endings of a content, of which extended data may be the last part before the time. There is no checksum inside,
 * so the ending is the only sign of the right key. A time stamp proves more than a bracket alone, with which random
 * text ends once in 250 times.
 */
const endings = [/\]_\d\d:\d\d:\d\d,\d\d-\d\d-\d{4}$/, /\](?:_[\d:,-]*)?$/];

/** The content of an encrypted frame and the key of `keys` that opens it; null when none does. */
export function openContent(frame: Frame, keys: readonly Buffer[]): { content: Content; key: Buffer } | null {
  const tries = keys.map((key) => ({ key, text: withoutFill(decrypt(frame.rest ?? "", key) ?? "") }));
  for (const ending of endings) {
    for (const { key, text } of tries) {
      if (ending.test(text)) return { content: readContent(withoutPad(text)), key };
    }
  }
  return null;
}

/** The text without its padding, which ends at "|" or, in polls and answers of some makers, before "]". */
function withoutPad(text: string): string {
  return text.slice(/^[^|\]]*\|?/.exec(text)?.[0].length ?? 0);
}

/**
 * The text without the bytes by which some makers fill up the last block: zeros, or the number of bytes that they add
 * (PKCS #7).
 */
function withoutFill(text: string): string {
  let end = text.length;
  while (end > 0 && text.charCodeAt(end - 1) <= 16) end -= 1;
  return text.slice(0, end);
}
