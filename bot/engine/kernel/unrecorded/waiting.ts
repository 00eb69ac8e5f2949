import type { Alarm } from "../../../domain/alarm.ts";

/** What can't be written although the disk takes all else is tried again after this, and longer each time. */
const firstPauseMs = 1_000;
const longestPauseMs = 60_000;

/** An alarm that is in memory until it is on disk. */
export interface WaitingAlarm {
  readonly alarm: Alarm;
  /** In epoch milliseconds. */
  readonly receivedAt: number;
  /** Whether the write with which it came is under way still; else it waits for the disk. */
  isBeingWritten: boolean;
  pauseMs: number;
  triesAt: number;
}

/** One whose write failed, or with `isBeingWritten` may still succeed. */
export function toWaiting(alarm: Alarm, receivedAt: number, isBeingWritten: boolean): WaitingAlarm {
  return { alarm, receivedAt, isBeingWritten, pauseMs: firstPauseMs, triesAt: receivedAt };
}

export function isDue({ isBeingWritten, triesAt }: WaitingAlarm, now: number): boolean {
  return !isBeingWritten && triesAt <= now;
}

/** Whether it was not yet found that it can't be written by itself. */
export function isUntried({ triesAt, receivedAt }: WaitingAlarm): boolean {
  return triesAt === receivedAt;
}

/** It could not be written although the disk takes writes: it costs nobody more than a try now and then. */
export function noteFailed(waiting: WaitingAlarm, now: number): void {
  waiting.triesAt = now + waiting.pauseMs;
  waiting.pauseMs = Math.min(2 * waiting.pauseMs, longestPauseMs);
}

/** When the next of them is tried again, in epoch milliseconds; null: none waits for its moment. */
export function nextTryAt(all: readonly WaitingAlarm[], now: number): number | null {
  const moments = all.flatMap(({ triesAt }) => (triesAt > now ? [triesAt] : []));
  return moments.length === 0 ? null : Math.min(...moments);
}
