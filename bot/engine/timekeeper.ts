import type { Log } from "../log.ts";
import type { Clock, Store } from "../ports.ts";
import type { Handler } from "./handle.ts";

const lookMs = 1_000;
const mostAtOnce = 1_000;

export interface TimekeeperOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly handler: Handler;
  readonly log: Log;
  /** What was due on this incident could not be recorded. */
  readonly onUnrecorded: (incident: string) => void;
}

export interface Timekeeper extends AsyncDisposable {
  /** Whether it is looking now. */
  pending(): number;
}

/** The third mouth: stored deadlines to commands. Sleeps until the nearest one, and looks every second whatever it believes. */
export function startTimekeeper(options: TimekeeperOptions): Timekeeper {
  const { store, clock, handler, log, onUnrecorded } = options;
  let cancel = (): void => {};
  let wakesAt = 0;
  let looking: Promise<void> | null = null;
  let stopped = false;

  function sleepUntil(at: number): void {
    cancel();
    wakesAt = at;
    if (!stopped) cancel = clock.wakeAt(at, wake);
  }

  function wake(): void {
    if (looking !== null) return;
    looking = look().finally(() => {
      looking = null;
    });
  }

  async function look(): Promise<void> {
    // Whatever is expected while looking may be nearer than what is read at its end.
    wakesAt = clock.now() + lookMs;
    try {
      const isDone = await handleDue();
      const nextAt = await store.read((reader) => reader.nextDeadline());
      // What could not be handled is tried again at the next look, not in a tight circle.
      if (nextAt !== null && isDone) wakesAt = Math.min(wakesAt, nextAt);
    } catch (error) {
      log.error({ err: error }, "deadlines-not-read");
    }
    sleepUntil(wakesAt);
  }

  /** Everything due at this moment, together, so that it shares a transaction; false when some of it failed. */
  async function handleDue(): Promise<boolean> {
    const due = await store.read((reader) => reader.listDue(clock.now(), mostAtOnce));
    const results = await Promise.allSettled(due.map((id) => handler.handle(id, { kind: "deadline" })));
    const failed = due.filter((_, index) => results[index]?.status === "rejected");
    if (failed.length === 0) return true;
    const cause = results.find((result) => result.status === "rejected");
    log.error({ err: cause?.reason, due: due.length, failed: failed.length }, "deadline-not-handled");
    failed.forEach(onUnrecorded);
    return false;
  }

  sleepUntil(clock.now());
  handler.subscribe(({ nextAt }) => {
    if (nextAt === null || nextAt >= wakesAt) return;
    if (looking === null) sleepUntil(nextAt);
    else wakesAt = nextAt;
  });
  return {
    pending: () => (looking === null ? 0 : 1),
    async [Symbol.asyncDispose]() {
      stopped = true;
      cancel();
      await looking;
    },
  };
}
