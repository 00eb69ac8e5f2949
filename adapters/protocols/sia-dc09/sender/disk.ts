import type { PagerHost } from "../../../../bot/contracts.ts";
import { late, withTimeout } from "../../../../bot/kit/with-timeout.ts";

/** A page waits for the disk at most this long. */
const diskMs = 1000;

/**
 * Resolves with the result of a load from or save to the pager's memory; undefined when it failed or took more than a
 * second. Never rejects.
 */
export async function waitForDisk<T>({ clock }: PagerHost, promise: Promise<T>): Promise<T | undefined> {
  const settled = promise.catch(() => undefined);
  const answer = await withTimeout(clock, diskMs, settled);
  return answer === late ? undefined : answer;
}
