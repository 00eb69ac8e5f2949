import { encrypt } from "./cipher.ts";
import { openContent, readContent, toTimestamp } from "./content.ts";
import { type Frame, readFrame, toFrameBytes, writeFrame } from "./frame.ts";

/**
 * The answers of a receiver. ACK: taken. NAK: the sender's clock is wrong. DUH: can't be processed. RSP: taken, with
 * more data.
 */
export const answerIds = ["ACK", "NAK", "DUH", "RSP"] as const;
export type AnswerId = (typeof answerIds)[number];

/** The answer "taken" to `frame`, encrypted by `key` if the frame was; `now` is our clock, epoch milliseconds. */
export function toAck(frame: Frame, key: Buffer | null, now: number): Buffer {
  const text = `]${toTimestamp(now)}`;
  const rest = key === null ? text : encrypt(text, key);
  return writeFrame({ ...toEcho(frame), id: "ACK", isEncrypted: key !== null, rest });
}

/**
 * The answer "your clock is wrong", with our time: never encrypted, without a sequence or an account. `now` in epoch
 * milliseconds.
 */
export function toNak(frame: Frame, now: number): Buffer {
  return toFrameBytes(`"NAK"0000R0L0A0[]${toTimestamp(now)}`, frame.crcForm);
}

/** The answer "I can't process this": sending it again would not help. */
export function toDuh(frame: Frame): Buffer {
  return writeFrame({ ...toEcho(frame), id: "DUH", isEncrypted: false, rest: "]" });
}

/** The frame with the parts by which its sender matches an answer to it, unchanged. */
function toEcho(frame: Frame): Frame {
  return { ...frame, sequence: frame.sequence || "0000", prefix: frame.prefix || "0" };
}

/** A receiver's answer, as far as it can be read. */
export interface Answer {
  readonly id: AnswerId;
  /** Four digits; null when the receiver left them out. */
  readonly sequence: string | null;
  /** The receiver's clock, epoch milliseconds; null when it was left out or can't be decrypted. */
  readonly sentAt: number | null;
}

/**
 * Reads an answer, with or without LF and CR. Receivers leave out or mangle everything but the kind and the sequence;
 * one sends a bare `"NAK"`. null for bytes that are no answer, or were damaged on the way.
 */
export function readAnswer(bytes: Buffer, keys: readonly Buffer[] = []): Answer | null {
  const line = bytes.subarray(bytes[0] === 0x0a ? 1 : 0, bytes.at(-1) === 0x0d ? -1 : undefined);
  const frame = readFrame(line);
  if (frame === "crc") return null;
  if (frame === "form") {
    const bare = answerIds.find((id) => line.toString("latin1") === `"${id}"`);
    return bare === undefined ? null : { id: bare, sequence: null, sentAt: null };
  }
  const id = answerIds.find((known) => known === frame.id);
  if (id === undefined) return null;
  const content = frame.isEncrypted ? openContent(frame, keys)?.content : readContent(frame.rest ?? "");
  return { id, sequence: frame.sequence || null, sentAt: content?.sentAt ?? null };
}
