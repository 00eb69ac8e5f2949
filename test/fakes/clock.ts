import { startTimeout } from "../../bot/engine/kernel/clock.ts";
import type { Clock } from "../../bot/ports/time.ts";

interface Timer {
  readonly at: number;
  readonly wake: () => void;
}

/** Time as a parameter: stands still until it is pushed. */
export class FakeClock implements Clock {
  #now: number;
  readonly #timers = new Set<Timer>();

  constructor(startAt: number) {
    this.#now = startAt;
  }

  now = (): number => this.#now;

  wall = (): number => this.#now;

  wakeAt = (at: number, wake: () => void): (() => void) => {
    if (at <= this.#now) {
      const soon = setImmediate(wake);
      return () => clearImmediate(soon);
    }
    const timer = { at, wake };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  };

  timeout = (ms: number): { readonly signal: AbortSignal } & Disposable => startTimeout(ms, this.now, this.wakeAt);

  /** The earliest moment somebody waits for. */
  get nextAt(): number {
    return Math.min(...[...this.#timers].map((timer) => timer.at));
  }

  /** Stands exactly on `at` and wakes everybody who waited for it. */
  to(at: number): void {
    this.#now = at;
    for (const timer of [...this.#timers]) {
      if (timer.at > at || !this.#timers.delete(timer)) continue;
      timer.wake();
    }
  }
}
