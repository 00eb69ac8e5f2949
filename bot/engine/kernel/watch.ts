import type { Log } from "../../log.ts";
import type { Clock } from "../../ports/time.ts";

/** However quiet it is believed to be, there is a look every second. */
const lookMs = 1_000;

/** A sleeper that wakes at the nearest expected moment. Disposing waits for the look that is under way. */
export interface Watch extends AsyncDisposable {
  /** Don't sleep past `at` (epoch milliseconds). */
  expect(at: number): void;
  /** 1 while it looks. */
  pending(): number;
}

/**
 * Calls `look` when the nearest expected moment comes, and every second whatever is believed; never twice at once. What
 * is expected during a look counts after it. `look` answers with the next moment it knows of, or null.
 */
export function startWatch(clock: Clock, log: Log, look: () => Promise<number | null>): Watch {
  let cancel = (): void => {};
  let wakesAt = clock.now();
  let looking: Promise<void> | null = null;
  let stopped = false;

  function sleep(): void {
    cancel();
    if (!stopped) cancel = clock.wakeAt(wakesAt, wake);
  }

  function wake(): void {
    if (looking !== null || stopped) return;
    looking = run().finally(() => {
      looking = null;
      sleep();
    });
  }

  async function run(): Promise<void> {
    wakesAt = clock.now() + lookMs;
    try {
      const next = await look();
      if (next !== null) wakesAt = Math.min(wakesAt, next);
    } catch (error) {
      log.error({ err: error }, "look-failed");
    }
  }

  sleep();
  return {
    expect(at) {
      if (at >= wakesAt) return;
      wakesAt = at;
      if (looking === null) sleep();
    },
    pending: () => (looking === null ? 0 : 1),
    async [Symbol.asyncDispose]() {
      stopped = true;
      cancel();
      await looking;
    },
  };
}
