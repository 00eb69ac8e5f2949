import type { PagerHost } from "../../../../bot/contracts.ts";
import { late, withTimeout } from "../../../../bot/kit/with-timeout.ts";

/** A page does not wait for a disk for longer. */
const diskMs = 1000;

/** What the pager's memory answers; undefined for what the disk can't do, or not within a second. Never rejects. */
export async function inTime<T>({ clock }: PagerHost, promise: Promise<T>): Promise<T | undefined> {
  const settled = promise.catch(() => undefined);
  const answer = await withTimeout(clock, diskMs, settled);
  return answer === late ? undefined : answer;
}
