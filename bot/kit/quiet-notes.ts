/** Facts of a line of the log. */
type Facts = Readonly<Record<string, unknown>>;

/** How long one cause writes one line, in milliseconds. */
const quietMs = 60_000;
/** A count is dropped when it is this old. */
const forgetMs = 600_000;
const maxKeys = 50;

/**
 * Notes for the log, limited so that nobody outside can flood it: one line a minute for each event and cause, with how
 * many `more` it stands for, and beyond fifty causes at a time one line for all others together.
 */
export class QuietNotes<Event extends string> {
  readonly #clock: { now(): number };
  readonly #note: (event: Event, facts: Facts) => void;
  /** When each had its last line, and how many more were counted since. */
  readonly #noted = new Map<string, { readonly at: number; more: number }>();

  constructor(clock: { now(): number }, note: (event: Event, facts: Facts) => void) {
    this.#clock = clock;
    this.#note = note;
  }

  /**
   * Writes a line, or only counts it when one of that cause was written within a minute. `ofMany` are the facts of the
   * line that stands for all causes beyond the fifty.
   */
  write(event: Event, cause: readonly unknown[], facts: Facts, ofMany: Facts): void {
    const now = this.#clock.now();
    this.#forgetOld(now);
    const own = JSON.stringify([event, ...cause]);
    const isOwn = this.#noted.has(own) || this.#noted.size < maxKeys;
    const key = isOwn ? own : "others";
    const last = this.#noted.get(key);
    if (last !== undefined && now - last.at < quietMs) {
      last.more += 1;
      return;
    }
    this.#noted.set(key, { at: now, more: 0 });
    const more = last === undefined || last.more === 0 ? {} : { more: last.more };
    this.#note(event, { ...(isOwn ? facts : ofMany), ...more });
  }

  #forgetOld(now: number): void {
    for (const [key, { at, more }] of this.#noted) {
      if (now - at >= (more === 0 ? quietMs : forgetMs)) this.#noted.delete(key);
    }
  }
}
