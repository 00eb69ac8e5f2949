/** Facts of a line of the log. */
type Facts = Readonly<Record<string, unknown>>;

/** `wakeAt` calls `wake` at that moment; what it returns cancels that. */
interface Clock {
  now(): number;
  wakeAt(at: number, wake: () => void): () => void;
}

/** The last line of a cause, and how many more of it came since. */
interface Noted<Event> {
  readonly event: Event;
  readonly facts: Facts;
  readonly at: number;
  more: number;
  cancel: () => void;
}

/** How long one cause writes one line, in milliseconds. */
const quietMs = 60_000;
const maxCauses = 50;

/**
 * Notes for the log, limited so that nobody outside can flood it: one line a minute for each event and cause, with how
 * many `more` it stands for, and beyond fifty causes at a time one line for all others of the same event and kind
 * together. What was counted is written when its minute is over, or at the end. Dispose it when nothing writes any
 * more.
 */
export class QuietNotes<Event extends string> implements Disposable {
  readonly #clock: Clock;
  readonly #note: (event: Event, facts: Facts) => void;
  readonly #noted = new Map<string, Noted<Event>>();

  constructor(clock: Clock, note: (event: Event, facts: Facts) => void) {
    this.#clock = clock;
    this.#note = note;
  }

  /**
   * Writes a line, or only counts it when one of that cause was written within a minute. `ofMany` are the facts of the
   * line that stands for all causes beyond the fifty: those with the same facts share one, so that they hold nothing
   * that a stranger can make up.
   */
  write(event: Event, cause: readonly unknown[], facts: Facts, ofMany: Facts): void {
    const now = this.#clock.now();
    for (const [key, { at, more }] of this.#noted) if (more === 0 && now - at >= quietMs) this.#noted.delete(key);
    const own = JSON.stringify([event, ...cause]);
    const isOwn = this.#noted.has(own) || this.#noted.size < maxCauses;
    const key = isOwn ? own : JSON.stringify([event, ofMany]);
    const last = this.#noted.get(key);
    if (last === undefined) {
      this.#writeLine(key, event, isOwn ? facts : ofMany, 0);
      return;
    }
    last.more += 1;
    if (last.more === 1) last.cancel = this.#clock.wakeAt(last.at + quietMs, () => this.#writeCount(key));
  }

  [Symbol.dispose](): void {
    for (const [key, { cancel }] of this.#noted) {
      cancel();
      this.#writeCount(key);
    }
  }

  /** Writes one line for all that was counted of a cause. */
  #writeCount(key: string): void {
    const last = this.#noted.get(key);
    if (last !== undefined && last.more > 0) this.#writeLine(key, last.event, last.facts, last.more - 1);
  }

  #writeLine(key: string, event: Event, facts: Facts, more: number): void {
    this.#noted.set(key, { event, facts, at: this.#clock.now(), more: 0, cancel: () => {} });
    this.#note(event, more === 0 ? facts : { ...facts, more });
  }
}
