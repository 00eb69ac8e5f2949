import type { ReadyPager } from "../../contracts.ts";
import type { PagerRecord } from "../../domain/route-test/trouble.ts";
import { withTimeout } from "../../kit/with-timeout.ts";
import type { Log } from "../../log.ts";
import type { Clock } from "../../ports/time.ts";

/** A supervision that does not heed the stop is left behind after this long, so that the pagers still end in time. */
const endWithinMs = 2_000;

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
    await withTimeout(this.#clock, endWithinMs, Promise.all(this.#supervised));
  }

  async #superviseOne(pager: string, { supervise }: ReadyPager): Promise<void> {
    try {
      await supervise?.(this.#supervisionEnd.signal);
    } catch (error) {
      // `supervise` must not reject; when it does, nobody watches over this route any more.
      this.#log.error({ pager, err: error }, "pager-supervision-ended");
    }
  }
}
