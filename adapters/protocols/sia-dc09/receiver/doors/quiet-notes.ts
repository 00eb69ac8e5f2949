import type { ListenerHost } from "../../../../../bot/contracts.ts";
import type { LogEvent } from "../../../../../bot/log-events/log-events.ts";

/** Writes a line about `who`, or only counts it when one like it was written within the last minute. */
export type QuietNote = (event: LogEvent<"warn">, who: string, facts?: Readonly<Record<string, unknown>>) => void;

const quietMs = 60_000;
/** A count is dropped when it is this old. */
const forgetMs = 600_000;
const maxKeys = 50;

/**
 * Notes for the log, limited so that nobody outside can flood it: one line a minute for each event, sender, reason and
 * account, with how many it stands for, and beyond fifty of these at a time one line for all others together.
 */
export class QuietNotes {
  readonly #host: Pick<ListenerHost, "clock" | "note">;
  /** When each had its last line, and how many more were counted since. */
  readonly #noted = new Map<string, { readonly at: number; more: number }>();

  constructor(host: Pick<ListenerHost, "clock" | "note">) {
    this.#host = host;
  }

  /** Writes a line, or only counts it when one like it was written within a minute. */
  write(event: LogEvent<"warn">, who: string, facts: Readonly<Record<string, unknown>> = {}): void {
    const now = this.#host.clock.now();
    this.#forgetOld(now);
    // Reason and account are part of the key, because behind a tunnel all panels have one address.
    const own = JSON.stringify([event, who, facts.reason, facts.account]);
    const isOwn = this.#noted.has(own) || this.#noted.size < maxKeys;
    const key = isOwn ? own : "others";
    const last = this.#noted.get(key);
    if (last !== undefined && now - last.at < quietMs) {
      last.more += 1;
      return;
    }
    this.#noted.set(key, { at: now, more: 0 });
    const more = last === undefined || last.more === 0 ? {} : { more: last.more };
    this.#host.note(event, { ...(isOwn ? { from: who } : { from: "several addresses" }), ...facts, ...more });
  }

  #forgetOld(now: number): void {
    for (const [key, { at, more }] of this.#noted) {
      if (now - at >= (more === 0 ? quietMs : forgetMs)) this.#noted.delete(key);
    }
  }
}
