import { late, type Timer, withTimeout } from "./with-timeout.ts";

interface Asked<T> {
  readonly answer: Promise<T>;
  isLate: boolean;
}

/**
 * Asks for what may hang, once at a time. Whoever asks waits for it no longer than `withinMs` from when it began, and
 * not at all where that has passed.
 */
export class Patience<T> implements AsyncDisposable {
  readonly #timer: Timer;
  readonly #withinMs: number;
  readonly #ask: () => Promise<T>;
  #asked: Asked<T> | null = null;

  constructor(timer: Timer, withinMs: number, ask: () => Promise<T>) {
    this.#timer = timer;
    this.#withinMs = withinMs;
    this.#ask = ask;
  }

  /** Resolves and rejects as `ask` does, or resolves with `late`. */
  async wait(): Promise<T | typeof late> {
    const asked = this.#asked ?? this.#begin();
    const answer = asked.isLate ? late : await withTimeout(this.#timer, this.#withinMs, asked.answer);
    asked.isLate = answer === late;
    return answer;
  }

  /** Waits for what is under way. */
  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.allSettled([this.#asked?.answer]);
  }

  #begin(): Asked<T> {
    const asked = { answer: this.#ask(), isLate: false };
    this.#asked = asked;
    const end = () => {
      this.#asked = null;
    };
    asked.answer.then(end, end);
    return asked;
  }
}
