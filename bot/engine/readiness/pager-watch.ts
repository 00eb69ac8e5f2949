import type { ReadyPager } from "../../contracts.ts";
import type { WatchedRoute } from "../../domain/route-test/trouble.ts";
import type { Log } from "../../log.ts";
import type { Clock } from "../../ports/time.ts";

/** What the pagers say about their own routes. In memory: after a restart each says it anew. */
export interface PagerWatch {
  /** Part of a route is lost, or there again; said again, it changes nothing. */
  report(pager: string, part: string, state: "lost" | "there"): void;
  /** The parts of that pager's route that are lost now. */
  lostOf(pager: string): WatchedRoute["lost"];
  /** Starts the supervision of every pager that has one. Disposing ends it and waits for it: do that before the pagers end. */
  supervise(pagers: Readonly<Record<string, ReadyPager>>): AsyncDisposable;
}

/** See `PagerWatch`. */
export function createPagerWatch(clock: Clock, log: Log): PagerWatch {
  /** By pager, then by part: since when. */
  const lost = new Map<string, Map<string, number>>();

  return {
    report(pager, part, state) {
      const parts = lost.get(pager) ?? new Map<string, number>();
      if (parts.has(part) === (state === "lost")) return;
      lost.set(pager, parts);
      if (state === "lost") {
        parts.set(part, clock.now());
        log.error({ pager, part }, "pager-lost");
      } else {
        parts.delete(part);
        log.info({ pager, part }, "pager-there");
      }
    },
    lostOf: (pager) => [...(lost.get(pager) ?? [])].map(([part, since]) => ({ part, since })),
    supervise(pagers) {
      const ending = new AbortController();
      const watching = Object.entries(pagers).map(async ([pager, { supervise }]) => {
        try {
          await supervise?.(ending.signal);
        } catch (error) {
          // It must not reject; when it does all the same, nobody watches over this route any more.
          log.error({ pager, err: error }, "pager-supervision-ended");
        }
      });
      return {
        async [Symbol.asyncDispose]() {
          ending.abort();
          await Promise.all(watching);
        },
      };
    },
  };
}
