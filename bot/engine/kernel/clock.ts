import type { Log } from "../../log.ts";
import type { Clock } from "../../ports/time.ts";

const stepMs = 2_000;
const lookMs = 10_000;
/** Node's timers overflow above 2^31 ms; a longer wait is taken in parts. */
const longestWaitMs = 3_600_000;

/**
 * The start's wall clock plus monotonic time: stepping the machine's clock moves no deadline. A step of more than
 * 2 seconds is logged once, with its size.
 */
export function startClock(log: Log): Clock & Disposable {
  const origin = Date.now() - performance.now();
  let known = 0;
  const now = (): number => Math.round(origin + performance.now());
  const look = setInterval(() => {
    const offMs = Date.now() - now();
    if (Math.abs(offMs - known) < stepMs) return;
    log.warn({ steppedMs: offMs - known }, "clock-stepped");
    known = offMs;
  }, lookMs).unref();

  function wakeAt(at: number, wake: () => void): () => void {
    const waitMs = Math.max(0, at - now());
    if (waitMs <= longestWaitMs) {
      const timer = setTimeout(wake, waitMs);
      return () => clearTimeout(timer);
    }
    let cancel = (): void => {};
    const timer = setTimeout(() => {
      cancel = wakeAt(at, wake);
    }, longestWaitMs);
    return () => {
      clearTimeout(timer);
      cancel();
    };
  }

  return {
    now,
    wall: Date.now,
    wakeAt,
    timeout: (ms) => toTimeout(ms, now, wakeAt),
    [Symbol.dispose]: () => clearInterval(look),
  };
}

/** A signal that aborts after `ms` by the given clock; shared with clocks that tests push. */
export function toTimeout(
  ms: number,
  now: Clock["now"],
  wakeAt: Clock["wakeAt"],
): { readonly signal: AbortSignal } & Disposable {
  const controller = new AbortController();
  const cancel = wakeAt(now() + ms, () => controller.abort(new DOMException("no answer in time", "TimeoutError")));
  return { signal: controller.signal, [Symbol.dispose]: cancel };
}
