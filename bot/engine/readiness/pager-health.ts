import type { ReadyPager } from "../../contracts.ts";
import type { PagerRecord } from "../../domain/route-test/trouble.ts";
import { withTimeout } from "../../kit/with-timeout.ts";
import type { Log } from "../../log.ts";
import type { Clock } from "../../ports/time.ts";

/** A supervision that does not heed the stop is left behind after this long, so that the pagers still end in time. */
const endWithinMs = 2_000;
/** A supervision that failed begins anew after this long, and counts as running again when it has lasted as long. */
const anewAfterMs = 60_000;
/** The part of a route that stands for its supervision itself. */
const supervision = "supervision";

/**
 * Holds what the pagers report about their own routes. It is in memory, because each reports it again after a restart.
 * Disposing ends their supervision and waits for it, though not for long; do that before the pagers end.
 */
export class PagerHealth implements AsyncDisposable {
  readonly #clock: Clock;
  readonly #log: Log;
  /** Since when a part is lost, by pager and then by part. */
  readonly #lost = new Map<string, Map<string, number>>();
  readonly #supervisionEnd = new AbortController();
  readonly #ended = Promise.withResolvers<void>();
  readonly #supervised: Promise<void>[] = [];

  constructor(clock: Clock, log: Log) {
    this.#clock = clock;
    this.#log = log;
  }

  /** Records that part of a route is lost, or there again; a repeat changes nothing. */
  report(pager: string, part: string, state: "lost" | "there"): void {
    const parts = this.#lost.get(pager) ?? new Map<string, number>();
    if (parts.has(part) === (state === "lost")) return;
    this.#lost.set(pager, parts);
    if (state === "lost") {
      parts.set(part, this.#clock.now());
      this.#log.error({ pager, part }, "pager-lost");
    } else {
      parts.delete(part);
      this.#log.info({ pager, part }, "pager-there");
    }
  }

  /** The parts of that pager's route that are lost now. */
  lostOf(pager: string): PagerRecord["lost"] {
    return [...(this.#lost.get(pager) ?? [])].map(([part, since]) => ({ part, since }));
  }

  /** Starts the supervision of every pager that has one. */
  supervise(pagers: Readonly<Record<string, ReadyPager>>): void {
    for (const [name, pager] of Object.entries(pagers)) this.#supervised.push(this.#superviseOne(name, pager));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#supervisionEnd.abort();
    this.#ended.resolve();
    await withTimeout(this.#clock, endWithinMs, Promise.all(this.#supervised));
  }

  /** `supervise` must not reject; when it does, nobody watches over this route until it begins anew. */
  async #superviseOne(pager: string, { supervise }: ReadyPager): Promise<void> {
    const { signal } = this.#supervisionEnd;
    while (supervise !== undefined && !signal.aborted) {
      const error = await this.#runOnce(pager, supervise);
      if (error === null) return;
      this.#log.error({ pager, err: error }, "pager-supervision-ended");
      if (signal.aborted) return;
      this.report(pager, supervision, "lost");
      await withTimeout(this.#clock, anewAfterMs, this.#ended.promise);
    }
  }

  /** Resolves with why a supervision failed; null when it ended as it should. */
  async #runOnce(pager: string, supervise: NonNullable<ReadyPager["supervise"]>): Promise<unknown> {
    const run = new AbortController();
    const isThere = () => this.report(pager, supervision, "there");
    const cancel = this.#clock.wakeAt(this.#clock.now() + anewAfterMs, isThere);
    try {
      await supervise(AbortSignal.any([this.#supervisionEnd.signal, run.signal]));
      return null;
    } catch (error) {
      return error ?? new Error("the supervision failed");
    } finally {
      cancel();
      // What is left of it, such as the polls of another receiver, ends too.
      run.abort();
    }
  }
}
