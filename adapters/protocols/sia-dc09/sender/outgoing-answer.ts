import { type AnswerId, readAnswer } from "../frame/answer.ts";
import { openContent, readContent } from "../frame/content.ts";
import { type Frame, readFrame } from "../frame/frame.ts";

/**
 * What a receiver's answer means. `taken`: the receiver has it. `wrong-time`: NAK, with its clock where it gave one.
 * `refused`: DUH, sending it again would not help. `unusable`: anything else, which proves nothing.
 */
export type AnswerResult =
  | { readonly kind: "refused" | "unusable" }
  /**
   * `sealedAt`: the time inside the encryption, epoch milliseconds, not yet compared with the clock; null without keys.
   */
  | { readonly kind: "taken"; readonly sealedAt: number | null }
  /** Epoch milliseconds. */
  | { readonly kind: "wrong-time"; readonly clockAt: number | null };

/**
 * Evaluates the answer to the frame of that sequence (four digits). An answer's sequence has to match where it has one;
 * NAK and DUH may have 0000, since their sender may not have been able to read ours. With keys, "taken" counts only
 * when it is encrypted by one of them, because some receivers acknowledge in clear what they could not decrypt, and
 * anybody could send that.
 */
export function evaluateAnswer(bytes: Buffer, sequence: string, keys: readonly Buffer[]): AnswerResult {
  const answer = readAnswer(bytes, keys);
  if (answer === null) return { kind: "unusable" };
  const isTaken = takenIds.includes(answer.id);
  const answered = answer.sequence ?? sequence;
  if (answered !== sequence && (isTaken || answered !== "0000")) return { kind: "unusable" };
  if (answer.id === "DUH") return { kind: "refused" };
  if (answer.id === "NAK") return { kind: "wrong-time", clockAt: answer.sentAt };
  if (keys.length === 0) return { kind: "taken", sealedAt: null };
  const sealedAt = toSealedAt(bytes, keys);
  return sealedAt === null ? { kind: "unusable" } : { kind: "taken", sealedAt };
}

const takenIds: readonly AnswerId[] = ["ACK", "RSP"];

/**
 * The time inside an encrypted answer; null when none of the keys opens it. A wrong key gives random characters, in
 * which there is no time.
 */
function toSealedAt(bytes: Buffer, keys: readonly Buffer[]): number | null {
  const frame = toFrame(bytes);
  return frame?.isEncrypted ? (openContent(frame, keys)?.content.sentAt ?? null) : null;
}

/** The time in a frame of ours, epoch milliseconds; null for one that is not encrypted by that key. */
export function readSentAt(bytes: Buffer, key: Buffer | null): number | null {
  const frame = toFrame(bytes);
  if (frame === null || frame.isEncrypted !== (key !== null)) return null;
  return (key === null ? readContent(frame.rest ?? "") : openContent(frame, [key])?.content)?.sentAt ?? null;
}

function toFrame(bytes: Buffer): Frame | null {
  const frame = readFrame(bytes.subarray(bytes[0] === 0x0a ? 1 : 0, bytes.at(-1) === 0x0d ? -1 : undefined));
  return typeof frame === "string" ? null : frame;
}
