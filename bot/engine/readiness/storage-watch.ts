import { late, SharedWait, withTimeout } from "../../kit/with-timeout.ts";
import type { StorageTrouble } from "../../ports/status.ts";
import type { StorageFault } from "../../ports/store/store.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { Poller } from "../kernel/poller.ts";
import { askDue } from "../kernel/timekeeper.ts";

/** A file that was removed, or a page that can't be read, is known this soon. */
const lookEveryMs = 5_000;

export interface StorageReactions {
  /** The files were removed or replaced: the next process will know nothing of what is open. */
  readonly onGone: () => void;
  /** At each look the process runs without its database: what it has to say can't go through the outbox. */
  readonly onAside: (troubles: readonly StorageTrouble[]) => void;
}

/**
 * Watches over the storage itself, also while nothing is written. What is wrong with it is kept in memory, so that it
 * can be told when nothing can be read.
 */
export class StorageWatch implements AsyncDisposable {
  readonly #kernel: Kernel;
  readonly #reactions: StorageReactions;
  readonly #poller: Poller;
  /** A reading that hangs must not keep what else is wrong from being known. */
  readonly #due: SharedWait<readonly string[]>;
  /** Since when, in epoch milliseconds. */
  #faults: ReadonlyMap<StorageFault, number> = new Map();
  #lookedAt = Number.NEGATIVE_INFINITY;

  constructor(kernel: Kernel, reactions: StorageReactions) {
    this.#kernel = kernel;
    this.#reactions = reactions;
    this.#due = new SharedWait(kernel.clock, lookEveryMs, () => askDue(kernel));
    this.#poller = new Poller(kernel, async () => {
      if (kernel.clock.now() - this.#lookedAt >= lookEveryMs) await this.#look();
      return null;
    });
  }

  /** What is wrong with the storage now. */
  get troubles(): readonly StorageTrouble[] {
    return [...this.#faults].map(([kind, since]) => ({ kind, since }));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#poller[Symbol.asyncDispose]();
  }

  async #look(): Promise<void> {
    const { store, clock } = this.#kernel;
    const now = clock.now();
    this.#lookedAt = now;
    const isUnread = await this.#due.wait().then(
      (due) => due === late,
      () => true,
    );
    const found = await withTimeout(clock, lookEveryMs, store.inspect());
    // A disk that hangs is as it was.
    const faults = new Set(found === late ? this.#faults.keys() : found);
    faults.delete("storage-unread");
    if (isUnread) faults.add("storage-unread");
    const isNewlyGone = faults.has("storage-gone") && !this.#faults.has("storage-gone");
    this.#faults = new Map([...faults].map((fault) => [fault, this.#faults.get(fault) ?? now]));
    if (isNewlyGone) this.#reactions.onGone();
    if (faults.has("storage-aside")) this.#reactions.onAside(this.troubles);
  }
}
