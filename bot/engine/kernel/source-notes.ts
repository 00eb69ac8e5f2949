import type { LogEvent } from "../../log-events/log-events.ts";

/** How often a source that holds a connection noted an event, since the start. */
export interface SourceNote {
  readonly source: string;
  readonly event: LogEvent<"warn">;
  readonly count: number;
}

/** Counts what sources note, so that a figure shows what else only a line of the log says. */
export class SourceNotes {
  readonly #notes = new Map<string, SourceNote>();

  add(source: string, event: LogEvent<"warn">): void {
    const key = `${event} ${source}`;
    this.#notes.set(key, { source, event, count: (this.#notes.get(key)?.count ?? 0) + 1 });
  }

  list(): readonly SourceNote[] {
    return [...this.#notes.values()];
  }
}
