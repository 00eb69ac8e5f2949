import type { Log } from "../../log.ts";
import type { Clock } from "../../ports/time.ts";

const stepMs = 2_000;
const checkEveryMs = 10_000;
/** Node's timers overflow above 2^31 ms; a longer wait is taken in parts. */
const maxWaitMs = 3_600_000;

/**
 * A clock of the wall time at the start plus monotonic time, so that stepping the machine's clock moves no deadline. A
 * step of more than 2 seconds is logged once, with its size.
 */
export class SystemClock implements Clock, Disposable {
  readonly wall = Date.now;
  readonly #log: Log;
  readonly #origin = Date.now() - performance.now();
  readonly #stepCheck = setInterval(() => this.#noteStep(), checkEveryMs).unref();
  /** How far the machine's clock was off at the last check, in milliseconds. */
  #offMs = 0;

  constructor(log: Log) {
    this.#log = log;
  }

  readonly now = (): number => Math.round(this.#origin + performance.now());

  readonly wakeAt = (at: number, wake: () => void): (() => void) => {
    const waitMs = Math.max(0, at - this.now());
    if (waitMs <= maxWaitMs) {
      const timer = setTimeout(wake, waitMs);
      return () => clearTimeout(timer);
    }
    let cancel = (): void => {};
    const timer = setTimeout(() => {
      cancel = this.wakeAt(at, wake);
    }, maxWaitMs);
    return () => {
      clearTimeout(timer);
      cancel();
    };
  };

  timeout(ms: number): { readonly signal: AbortSignal } & Disposable {
    return startTimeout(ms, this.now, this.wakeAt);
  }

  [Symbol.dispose](): void {
    clearInterval(this.#stepCheck);
  }

  #noteStep(): void {
    const offMs = Date.now() - this.now();
    if (Math.abs(offMs - this.#offMs) < stepMs) return;
    this.#log.warn({ steppedMs: offMs - this.#offMs }, "clock-stepped");
    this.#offMs = offMs;
  }
}

/** Starts a signal that aborts after `ms` by that clock; the fake clocks of tests use it too. */
export function startTimeout(
  ms: number,
  now: Clock["now"],
  wakeAt: Clock["wakeAt"],
): { readonly signal: AbortSignal } & Disposable {
  const controller = new AbortController();
  const cancel = wakeAt(now() + ms, () => controller.abort(new DOMException("no answer in time", "TimeoutError")));
  return { signal: controller.signal, [Symbol.dispose]: cancel };
}
