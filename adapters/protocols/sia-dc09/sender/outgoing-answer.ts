import { type AnswerId, readAnswer } from "../frame/answer.ts";
import { openContent } from "../frame/content.ts";
import { readFrame } from "../frame/frame.ts";

/**
 * What a receiver's answer comes to. `taken`: the receiver has it. `wrong-time`: NAK, with its clock where it gave one.
 * `refused`: DUH, sending it again helps nobody. `unusable`: anything else, which proves nothing.
 */
export type AnswerResult =
  | { readonly kind: "refused" | "unusable" }
  /** `sealedAt`: the time under the key, epoch milliseconds, still to be compared with the clock; null without keys. */
  | { readonly kind: "taken"; readonly sealedAt: number | null }
  /** Epoch milliseconds. */
  | { readonly kind: "wrong-time"; readonly clockAt: number | null };

/**
 * Evaluates the answer to the frame of that sequence (four digits). A sequence has to match where one is given; NAK and
 * DUH may have 0000, since their sender may not have been able to read ours. With keys, "taken" counts only from who
 * has the key: there are receivers that acknowledge in clear what they could not decrypt, and in clear anybody could.
 */
export function evaluateAnswer(bytes: Buffer, sequence: string, keys: readonly Buffer[]): AnswerResult {
  const answer = readAnswer(bytes, keys);
  if (answer === null) return { kind: "unusable" };
  const isTaken = tells.taken.includes(answer.id);
  const given = answer.sequence ?? sequence;
  if (given !== sequence && (isTaken || given !== "0000")) return { kind: "unusable" };
  if (answer.id === "DUH") return { kind: "refused" };
  if (answer.id === "NAK") return { kind: "wrong-time", clockAt: answer.sentAt };
  if (keys.length === 0) return { kind: "taken", sealedAt: null };
  const sealedAt = toSealedAt(bytes, keys);
  return sealedAt === null ? { kind: "unusable" } : { kind: "taken", sealedAt };
}

const tells: { readonly taken: readonly AnswerId[] } = { taken: ["ACK", "RSP"] };

/** The time inside what one of the keys opens, of which rubbish has none; null when it is not encrypted by them. */
function toSealedAt(bytes: Buffer, keys: readonly Buffer[]): number | null {
  const frame = readFrame(bytes.subarray(bytes[0] === 0x0a ? 1 : 0, bytes.at(-1) === 0x0d ? -1 : undefined));
  if (typeof frame === "string" || !frame.encrypted) return null;
  return openContent(frame, keys)?.content.sentAt ?? null;
}
