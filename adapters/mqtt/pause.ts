import type { Clock } from "../../bot/ports.ts";

/** Resolves after `ms` by that clock, or as soon as `signal` aborts. */
export function pause(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const finish = (): void => {
      cancel();
      signal.removeEventListener("abort", finish);
      resolve();
    };
    const cancel = clock.wakeAt(clock.now() + ms, finish);
    signal.addEventListener("abort", finish);
  });
}
