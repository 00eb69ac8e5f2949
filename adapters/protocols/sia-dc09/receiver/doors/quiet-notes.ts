import type { ListenerHost } from "../../../../../bot/contracts.ts";
import type { LogEvent } from "../../../../../bot/log-events/log-events.ts";

/** Writes a line for `who`, or counts it where `who` had one of that kind within the last minute. */
export type QuietNote = (event: LogEvent<"warn">, who: string, facts?: Readonly<Record<string, unknown>>) => void;

const quietMs = 60_000;
/** After this long without a word a sender's count is dropped. */
const forgetMs = 600_000;
const maxKeys = 50;

/**
 * A log that nobody outside can flood: a line a minute for each event, sender, reason and account, which says how many
 * it stands for, and beyond fifty of them at a time one line for all others together.
 */
export class QuietNotes {
  readonly #host: Pick<ListenerHost, "clock" | "note">;
  /** When each had its last line, and how many were held back since. */
  readonly #noted = new Map<string, { readonly at: number; held: number }>();

  constructor(host: Pick<ListenerHost, "clock" | "note">) {
    this.#host = host;
  }

  /** Writes it, unless enough was written of late. */
  write(event: LogEvent<"warn">, who: string, facts: Readonly<Record<string, unknown>> = {}): void {
    const now = this.#host.clock.now();
    this.#forgetOld(now);
    // Behind a tunnel all panels have one address, so what is said of whom tells them apart.
    const own = JSON.stringify([event, who, facts.reason, facts.account]);
    const isOwn = this.#noted.has(own) || this.#noted.size < maxKeys;
    const key = isOwn ? own : "others";
    const last = this.#noted.get(key);
    if (last !== undefined && now - last.at < quietMs) {
      last.held += 1;
      return;
    }
    this.#noted.set(key, { at: now, held: 0 });
    const more = last === undefined || last.held === 0 ? {} : { more: last.held };
    this.#host.note(event, { ...(isOwn ? { from: who } : { from: "several addresses" }), ...facts, ...more });
  }

  #forgetOld(now: number): void {
    for (const [key, { at, held }] of this.#noted) {
      if (now - at >= (held === 0 ? quietMs : forgetMs)) this.#noted.delete(key);
    }
  }
}
