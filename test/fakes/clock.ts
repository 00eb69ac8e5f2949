import { startTimeout } from "../../bot/engine/kernel/time/clock.ts";
import type { OwnClock } from "../../bot/ports/time.ts";

interface Timer {
  readonly at: number;
  readonly wake: () => void;
}

/** Time as a parameter: stands still until it is pushed. */
export class FakeClock implements OwnClock {
  #now: number;
  /** How far the machine's clock is off. */
  #offMs = 0;
  readonly #timers = new Set<Timer>();

  constructor(startAt: number) {
    this.#now = startAt;
  }

  now = (): number => this.#now;

  wall = (): number => this.#now + this.#offMs;

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

  goAhead(ms: number): void {
    this.#offMs -= ms;
    this.to(this.#now + ms);
  }

  goOnFrom(at: number): void {
    this.goAhead(at - this.#now);
  }

  standStill(ms: number): void {
    this.#offMs += ms;
  }

  /** Sets the machine's clock. No bot may run: the next one begins with that time. */
  set(wall: number): void {
    this.#now = wall;
    this.#offMs = 0;
  }

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
