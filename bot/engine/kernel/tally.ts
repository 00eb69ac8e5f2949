import type { LogEvent } from "../../log-events/log-events.ts";
import type { SentCount } from "../../ports/status.ts";

/** Counts what happens since the start, by a few names of our own: what a stranger can make up would have no end. */
export class Tally<Names extends object> {
  readonly #counts = new Map<string, Names & { readonly count: number }>();

  /** Adds `count` of what has these names, always given in the same order; 0 shows that there was none yet. */
  add(names: Names, count = 1): void {
    const key = JSON.stringify(names);
    this.#counts.set(key, { ...names, count: (this.#counts.get(key)?.count ?? 0) + count });
  }

  /** In the order in which they came first. */
  list(): readonly (Names & { readonly count: number })[] {
    return [...this.#counts.values()];
  }
}

/** How often a source that holds a connection noted an event of the log: else only a line says it. */
export type SourceNotes = Tally<{ readonly source: string; readonly event: LogEvent<"warn"> }>;

/** How often each kind of message was sent, or was tried in vain. */
export type Sendings = Tally<Omit<SentCount, "count">>;

const results = [
  "sent",
  "refused",
  "throttled",
  "unreachable",
  "misconfigured",
] as const satisfies SentCount["result"][];

/**
 * Counts sendings. Cards and the pages to these pagers begin at 0, because whoever looks for growth does not see the
 * first failure of a figure that was not there before.
 */
export function startSendings(pagers: readonly string[]): Sendings {
  const sendings: Sendings = new Tally();
  for (const result of results) {
    sendings.add({ kind: "card", pager: null, result }, 0);
    for (const pager of pagers) sendings.add({ kind: "page", pager, result }, 0);
  }
  return sendings;
}
