import { Background } from "../../kit/background.ts";
import type { Handler } from "./handle.ts";
import type { Kernel } from "./kernel.ts";
import type { OpenIncidents } from "./open/open-incidents.ts";
import { Poller } from "./poller.ts";
import type { UnrecordedIncidents } from "./unrecorded/unrecorded-incidents.ts";

/** A press waits behind these at most; more at once would be written no faster. */
const maxAtOnce = 250;
/** Later than any moment. */
const never = Number.MAX_SAFE_INTEGER;

/** What the timekeeper asks of the storage at each look; rejects when that can't be read. */
export function askDue({ store, clock }: Pick<Kernel, "store" | "clock">): Promise<readonly string[]> {
  return store.read((reader) => reader.listDue(clock.now(), maxAtOnce));
}

export interface TimekeeperOptions {
  readonly handler: Handler;
  readonly openIncidents: Pick<OpenIncidents, "note">;
  readonly unrecorded: Pick<UnrecordedIncidents, "listDue" | "isAhead">;
  /** Called with each incident on which a deadline could not be recorded. */
  readonly onUnstored: (incident: string) => void;
  /**
   * How far the machine's clock was behind what is on disk, in milliseconds: then stored moments may lie ahead of what
   * can be, and the first look is at everything that is open. null: it could be made up for.
   */
  readonly behindMs: number | null;
}

/**
 * Turns stored deadlines into commands. What memory knows to be due goes first and waits for no look at the storage,
 * which may hang; that finds what memory does not know. What can't be written is told, and what is decided in memory
 * already goes on there.
 */
export function startTimekeeper(kernel: Kernel, options: TimekeeperOptions): AsyncDisposable {
  const timekeeper = new Timekeeper(kernel, options);
  const poller = new Poller(kernel, async () => timekeeper.poll((at) => poller.expect(at)));
  options.handler.subscribe(({ nextAt }) => {
    if (nextAt !== null) poller.expect(nextAt);
  });
  return {
    async [Symbol.asyncDispose]() {
      await poller[Symbol.asyncDispose]();
      await timekeeper[Symbol.asyncDispose]();
    },
  };
}

class Timekeeper implements AsyncDisposable {
  readonly #kernel: Kernel;
  readonly #options: TimekeeperOptions;
  readonly #background = new Background();
  /** Ids of the incidents that are being handled. */
  readonly #handled = new Set<string>();
  #looksAtAll: boolean;
  #looking: Promise<void> | null = null;

  constructor(kernel: Kernel, options: TimekeeperOptions) {
    this.#kernel = kernel;
    this.#options = options;
    this.#looksAtAll = options.behindMs !== null;
  }

  /** Begins with all that is due. `expect` is called with the next moment, once the storage has told that. */
  poll(expect: (at: number) => void): null {
    const now = this.#kernel.clock.now();
    const noteFailure = (error: unknown) => this.#kernel.log.error({ err: error }, "look-failed");
    const handling = this.#handleEach(this.#options.unrecorded.listDue(now)).catch(noteFailure);
    this.#looking ??= this.#background.track(
      handling
        .then(() => this.#look(now))
        .then((nextAt) => (nextAt === null ? undefined : expect(nextAt)))
        .catch(noteFailure)
        .finally(() => {
          this.#looking = null;
        }),
    );
    return null;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#background[Symbol.asyncDispose]();
  }

  /** Resolves with the next moment; null where it is to look again as ever. */
  async #look(now: number): Promise<number | null> {
    using _entry = this.#kernel.inFlight.enter();
    const { store } = this.#kernel;
    const isAll = this.#looksAtAll;
    const due = isAll ? await this.#listOpen() : await askDue(this.#kernel);
    // Where all are looked at that is not told: as long as one can't be handled they are again, each second.
    const isDone = await this.#handleEach(due, !isAll);
    if (isDone) this.#looksAtAll = false;
    const nextAt = await store.read((reader) => reader.nextDeadline());
    // What could not be handled, or is due still, is tried again at the next poll, and not in a tight loop.
    const isDueStill = nextAt !== null && nextAt <= now && due.length !== maxAtOnce;
    return !isDone || isDueStill ? null : nextAt;
  }

  #listOpen(): Promise<readonly string[]> {
    return this.#kernel.store
      .read((reader) => reader.listDue(never, never))
      .catch((error: unknown) => {
        this.#kernel.log.error({ err: error }, "look-failed");
        return this.#options.unrecorded.listDue(never);
      });
  }

  /** Resolves with whether all of them are on disk. */
  async #handleEach(due: readonly string[], isTold = true): Promise<boolean> {
    const { unrecorded, onUnstored } = this.#options;
    // What is ahead of the disk is written from memory before anything else.
    const ahead = due.filter((id) => unrecorded.isAhead(id));
    const rest = due.filter((id) => !this.#handled.has(id) && !unrecorded.isAhead(id));
    for (const id of ahead) onUnstored(id);
    for (const id of rest) this.#handled.add(id);
    const areHandled = await this.#background.track(this.#handleInTurn(rest, isTold));
    return areHandled && ahead.length === 0;
  }

  /** Some at a time; where the storage takes none of these nobody else waits for it. */
  async #handleInTurn(due: readonly string[], isTold: boolean): Promise<boolean> {
    let failed = 0;
    for (let from = 0; from < due.length; from += maxAtOnce) {
      const some = due.slice(from, from + maxAtOnce);
      const failedNow = await this.#handleAtOnce(some, isTold);
      failed += failedNow;
      for (const id of some) this.#handled.delete(id);
      if (failedNow < some.length) continue;
      const rest = due.slice(from + maxAtOnce);
      for (const id of rest) {
        this.#handled.delete(id);
        this.#options.onUnstored(id);
      }
      break;
    }
    return failed === 0;
  }

  /** So that they share a transaction. Resolves with how many failed. */
  async #handleAtOnce(due: readonly string[], isTold: boolean): Promise<number> {
    const { handler, openIncidents, onUnstored } = this.#options;
    const results = await Promise.allSettled(
      due.map(async (id) => {
        const result = await handler.handle(id, { kind: "deadline" }, isTold);
        // Memory may be behind the disk, where it was never told that a commit was done.
        if (result !== null) openIncidents.note(result);
      }),
    );
    const failed = due.filter((_, index) => results[index]?.status === "rejected");
    if (failed.length === 0) return 0;
    const cause = results.find((result) => result.status === "rejected");
    this.#kernel.log.error(
      { incident: failed[0], err: cause?.reason, due: due.length, failed: failed.length },
      "deadline-not-handled",
    );
    for (const id of failed) onUnstored(id);
    return failed.length;
  }
}
