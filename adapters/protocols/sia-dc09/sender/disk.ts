import type { PagerHost } from "../../../../bot/contracts.ts";

/** A page does not wait for a disk for longer. */
const diskMs = 1000;

/** What the pager's memory answers; undefined for what the disk can't do, or not within a second. Never rejects. */
export async function inTime<T>({ clock }: PagerHost, promise: Promise<T>): Promise<T | undefined> {
  using timeout = clock.timeout(diskMs);
  const late = new Promise<undefined>((resolve) => {
    timeout.signal.addEventListener("abort", () => resolve(undefined), { once: true });
  });
  // Awaited here, since the time-out ends with this function.
  return await Promise.race([promise.catch(() => undefined), late]);
}
