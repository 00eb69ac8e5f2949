import type { Log } from "../../log.ts";
import type { Store } from "../../ports/store.ts";
import type { Clock } from "../../ports/time.ts";
import type { Handler } from "./handle.ts";
import { startWatch, type Watch } from "./watch.ts";

const mostAtOnce = 1_000;

export interface TimekeeperOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly handler: Handler;
  readonly log: Log;
  /** What was due on this incident could not be recorded. */
  readonly onUnrecorded: (incident: string) => void;
}

/** The third mouth: stored deadlines to commands. */
export function startTimekeeper({ store, clock, handler, log, onUnrecorded }: TimekeeperOptions): Watch {
  const watch = startWatch(clock, log, async () => {
    const isDone = await handleDue();
    const nextAt = await store.read((reader) => reader.nextDeadline());
    // What could not be handled is tried again at the next look, not in a tight circle.
    return isDone ? nextAt : null;
  });

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

  handler.subscribe(({ nextAt }) => {
    if (nextAt !== null) watch.expect(nextAt);
  });
  return watch;
}
