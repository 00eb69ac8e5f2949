import type { Handler } from "./handle.ts";
import type { OpenIncidents } from "./incidents/open-incidents.ts";
import type { Kernel } from "./kernel.ts";
import { Poller } from "./poller.ts";

const maxAtOnce = 1_000;

/** What the timekeeper asks of the storage at each look; rejects when that can't be read. */
export function askDue({ store, clock }: Pick<Kernel, "store" | "clock">): Promise<readonly string[]> {
  return store.read((reader) => reader.listDue(clock.now(), maxAtOnce));
}

/**
 * Turns stored deadlines into commands; those that can't be read are taken from memory. `onUnstored` is called with
 * each incident on which they could not be recorded.
 */
export function startTimekeeper(
  kernel: Kernel,
  handler: Handler,
  openIncidents: OpenIncidents,
  onUnstored: (incident: string) => void,
): Poller {
  const { store, clock, log } = kernel;
  const poller = new Poller(kernel, async () => {
    const now = clock.now();
    const count = await handleDue(now);
    const nextAt = await store.read((reader) => reader.nextDeadline());
    // What could not be handled, or is due still, is tried again at the next poll, and not in a tight loop.
    const isDueStill = nextAt !== null && nextAt <= now && count !== maxAtOnce;
    return count === null || isDueStill ? null : nextAt;
  });

  /**
   * Handles everything that is due, at once, so that it shares a transaction. Resolves with how much that was; null
   * when some of it failed.
   */
  async function handleDue(now: number): Promise<number | null> {
    const due = await askDue(kernel).catch((error: unknown) => {
      log.error({ err: error }, "look-failed");
      return openIncidents.listDue(now);
    });
    const results = await Promise.allSettled(due.map((id) => handler.handle(id, { kind: "deadline" })));
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
