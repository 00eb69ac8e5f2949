import type { Ahead } from "../handle.ts";

/** What can't be written although the disk takes all else is tried again after this, and longer each time. */
const firstPauseMs = 1_000;
const longestPauseMs = 60_000;

/** How far what waits for the disk has come. */
interface Progress {
  /** Whether the write with which it came is under way still; else it waits for the disk. */
  isBeingWritten: boolean;
  pauseMs: number;
  triesAt: number;
}

/** What was said, and is in memory until it is on disk. */
export interface Waiting extends Progress, Pick<Ahead, "work" | "foreseen"> {
  readonly kind: "press" | "end" | "answer" | "decisions";
  /** When it was said, in epoch milliseconds. */
  readonly receivedAt: number;
  /** By which what is said later, and may not be written before it, waits for it: whose it is, or of which alarm. */
  readonly holds: readonly string[];
  /** It is written after all that was said before it and holds one of these. */
  readonly waitsFor: readonly string[];
  /** The id of the alarm that it closes, so that a press after it is of another one; null: it closes none. */
  readonly closes: string | null;
  /** Called with why it could not be written, when that is first found to lie in itself. */
  readonly onFault: (error: unknown) => void;
  /** Called when it could not be written by itself for a minute; left out: it is tried on for as long as it takes. */
  readonly onStuck?: () => void;
  /** Called when the process ends and it is on no disk. */
  readonly onGivenUp: () => void;
}

/** How one kind of what waits is written. */
export type Writing<T extends Waiting> = (kept: T) => Pick<Waiting, "work" | "onFault">;

/** `isBeingWritten`: the write with which it came may still succeed. */
export function toProgress(receivedAt: number, isBeingWritten: boolean): Progress {
  return { isBeingWritten, pauseMs: firstPauseMs, triesAt: receivedAt };
}

export function isDue({ isBeingWritten, triesAt }: Progress, now: number): boolean {
  return !isBeingWritten && triesAt <= now;
}

/** It could not be written although the disk takes writes: it costs nobody more than a try now and then. */
export function noteFault(waiting: Waiting, error: unknown, now: number): void {
  // Once, because the log may be on the disk that has no room.
  if (waiting.triesAt === waiting.receivedAt) waiting.onFault(error);
  if (waiting.pauseMs === longestPauseMs) waiting.onStuck?.();
  waiting.triesAt = now + waiting.pauseMs;
  waiting.pauseMs = Math.min(2 * waiting.pauseMs, longestPauseMs);
}
