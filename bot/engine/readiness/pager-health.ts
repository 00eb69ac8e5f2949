import type { ReadyPager } from "../../contracts.ts";
import type { PagerRecord } from "../../domain/route-test/trouble.ts";
import type { Log } from "../../log.ts";
import type { Clock } from "../../ports/time.ts";

/**
 * What the pagers say about their own routes. In memory: after a restart each says it anew. Disposing ends their
 * supervision and waits for it: do that before the pagers end.
 */
export class PagerHealth implements AsyncDisposable {
  readonly #clock: Clock;
  readonly #log: Log;
  /** By pager, then by part: since when. */
  readonly #lost = new Map<string, Map<string, number>>();
  readonly #ending = new AbortController();
  readonly #supervised: Promise<void>[] = [];

  constructor(clock: Clock, log: Log) {
    this.#clock = clock;
    this.#log = log;
  }

  /** Part of a route is lost, or there again; said again, it changes nothing. */
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
    this.#ending.abort();
    await Promise.all(this.#supervised);
  }

  async #superviseOne(pager: string, { supervise }: ReadyPager): Promise<void> {
    try {
      await supervise?.(this.#ending.signal);
    } catch (error) {
      // It must not reject; when it does all the same, nobody watches over this route any more.
      this.#log.error({ pager, err: error }, "pager-supervision-ended");
    }
  }
}
