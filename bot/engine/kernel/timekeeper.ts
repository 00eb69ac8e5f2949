import type { Handler } from "./handle.ts";
import type { OpenIncidents } from "./incidents/open-incidents.ts";
import type { Kernel } from "./kernel.ts";
import { Poller } from "./poller.ts";

const maxAtOnce = 1_000;
/** Later than any moment. */
const never = Number.MAX_SAFE_INTEGER;

/** What the timekeeper asks of the storage at each look; rejects when that can't be read. */
export function askDue({ store, clock }: Pick<Kernel, "store" | "clock">): Promise<readonly string[]> {
  return store.read((reader) => reader.listDue(clock.now(), maxAtOnce));
}

export interface TimekeeperOptions {
  readonly handler: Handler;
  readonly openIncidents: OpenIncidents;
  /** Called with each incident on which a deadline could not be recorded. */
  readonly onUnstored: (incident: string) => void;
  /** Whether stored moments may lie ahead of what can be: then the first look is at everything that is open. */
  readonly mayBeAhead: boolean;
}

/** Turns stored deadlines into commands; those that can't be read are taken from memory. */
export function startTimekeeper(kernel: Kernel, options: TimekeeperOptions): Poller {
  const { handler, openIncidents, onUnstored } = options;
  const { store, clock, log } = kernel;
  let looksAtAll = options.mayBeAhead;
  const poller = new Poller(kernel, async () => {
    const now = clock.now();
    const count = looksAtAll ? await handleOpen() : await handleDue(now);
    const nextAt = await store.read((reader) => reader.nextDeadline());
    // What could not be handled, or is due still, is tried again at the next poll, and not in a tight loop.
    const isDueStill = nextAt !== null && nextAt <= now && count !== maxAtOnce;
    return count === null || isDueStill ? null : nextAt;
  });

  async function handleDue(now: number): Promise<number | null> {
    const due = await askDue(kernel).catch((error: unknown) => {
      log.error({ err: error }, "look-failed");
      return openIncidents.listDue(now);
    });
    return handleEach(due);
  }

  async function handleOpen(): Promise<number | null> {
    const open = await store
      .read((reader) => reader.listDue(never, never))
      .catch((error: unknown) => {
        log.error({ err: error }, "look-failed");
        return null;
      });
    const known = open ?? openIncidents.listDue(never);
    let isDone = open !== null;
    for (let from = 0; from < known.length; from += maxAtOnce) {
      // Not told: as long as one of them can't be handled, all are looked at again, each second.
      if ((await handleEach(known.slice(from, from + maxAtOnce), false)) === null) isDone = false;
    }
    looksAtAll = !isDone;
    return isDone ? known.length : null;
  }

  /** Handles these at once, so that they share a transaction. Resolves with how many; null when some of it failed. */
  async function handleEach(due: readonly string[], isTold = true): Promise<number | null> {
    const results = await Promise.allSettled(due.map((id) => handler.handle(id, { kind: "deadline" }, isTold)));
    const failed = due.filter((_, index) => results[index]?.status === "rejected");
    if (failed.length === 0) return due.length;
    const cause = results.find((result) => result.status === "rejected");
    log.error(
      { incident: failed[0], err: cause?.reason, due: due.length, failed: failed.length },
      "deadline-not-handled",
    );
    failed.forEach(onUnstored);
    return null;
  }

  handler.subscribe(({ nextAt }) => {
    if (nextAt !== null) poller.expect(nextAt);
  });
  return poller;
}
