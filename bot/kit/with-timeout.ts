/** The part of a clock that `withTimeout` needs. */
export interface Timer {
  now(): number;
  wakeAt(at: number, wake: () => void): () => void;
}

/** The machine's own time, for what belongs to no clock. */
export const machineTimer: Timer = {
  now: () => performance.now(),
  wakeAt(at, wake) {
    const timer = setTimeout(wake, at - performance.now());
    return () => clearTimeout(timer);
  },
};

/** The result of `withTimeout` when the time is up. */
export const late = Symbol("late");

/**
 * Resolves as `work` does, or with `late` when that takes longer than `ms`; `work` goes on then. Rejects as `work`
 * does.
 */
export function withTimeout<T>(timer: Timer, ms: number, work: Promise<T>): Promise<T | typeof late> {
  const { promise, resolve, reject } = Promise.withResolvers<T | typeof late>();
  const cancel = timer.wakeAt(timer.now() + ms, () => resolve(late));
  work.then(
    (value) => {
      cancel();
      resolve(value);
    },
    (error: unknown) => {
      cancel();
      reject(error);
    },
  );
  return promise;
}

interface Asked<T> {
  readonly answer: Promise<T>;
  isLate: boolean;
}

/**
 * Asks for what may hang, once at a time. Whoever asks waits for it no longer than `withinMs`, and not at all where
 * somebody has waited for so long.
 */
export class SharedWait<T> implements AsyncDisposable {
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

/**
 * Lets nobody wait longer than `withinMs` for what may hang, and nobody at all as long as somebody who did is not
 * answered.
 */
export class TimeLimit {
  readonly #timer: Timer;
  readonly #withinMs: () => number;
  #unanswered = 0;

  constructor(timer: Timer, withinMs: () => number) {
    this.#timer = timer;
    this.#withinMs = withinMs;
  }

  /** Asks, and resolves and rejects as that does, or resolves with `late`; what it asked goes on then. */
  async wait<T>(ask: () => Promise<T>): Promise<T | typeof late> {
    if (this.#unanswered > 0) return late;
    const asked = ask();
    const answer = await withTimeout(this.#timer, this.#withinMs(), asked);
    if (answer !== late) return answer;
    this.#unanswered += 1;
    const end = () => {
      this.#unanswered -= 1;
    };
    asked.then(end, end);
    return late;
  }
}
