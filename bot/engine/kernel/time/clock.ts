import { uptime } from "node:os";
import type { Log } from "../../../log.ts";
import type { Clock, OwnClock } from "../../../ports/time.ts";

const stepMs = 2_000;
const checkEveryMs = 1_000;
/** Node's timers overflow above 2^31 ms; a longer wait is taken in parts. */
const maxWaitMs = 3_600_000;

/** What the machine tells of time, in milliseconds. */
export interface MachineTime {
  /** As it is set: epoch milliseconds UTC. */
  wall(): number;
  /** Moves evenly, and stands still while the machine is suspended. */
  monotonic(): number;
  /** Since boot, the time while it was suspended included. Throws where the machine does not tell. */
  uptime(): number;
}

const machineTime: MachineTime = {
  wall: () => Date.now(),
  monotonic: () => performance.now(),
  uptime: () => uptime() * 1_000,
};

interface Wait {
  readonly at: number;
  readonly wake: () => void;
  timer: NodeJS.Timeout | undefined;
}

/**
 * A clock of the wall time at the start plus monotonic time, so that stepping the machine's clock moves no deadline. A
 * step of more than 2 seconds is logged once, with its size. The time for which the machine was suspended counts.
 */
export class SystemClock implements OwnClock, Disposable {
  readonly #log: Log;
  readonly #machine: MachineTime;
  readonly #waits = new Set<Wait>();
  readonly #check: NodeJS.Timeout;
  /** What monotonic time lacks. */
  #origin: number;
  /** It does not go back behind this. */
  #floor = Number.NEGATIVE_INFINITY;
  /** How far the machine's clock was off at the last check, in milliseconds. */
  #offMs = 0;
  /** By how much the time since boot was ahead of monotonic time when that last counted; null: it is not known. */
  #bootMs: number | null;

  constructor(log: Log, machine = machineTime) {
    this.#log = log;
    this.#machine = machine;
    this.#origin = machine.wall() - machine.monotonic();
    this.#bootMs = this.#readBoot();
    this.#check = setInterval(() => this.#compare(), checkEveryMs).unref();
  }

  readonly now = (): number => Math.max(this.#floor, Math.round(this.#origin + this.#machine.monotonic()));

  readonly wall = (): number => this.#machine.wall();

  readonly wakeAt = (at: number, wake: () => void): (() => void) => {
    const wait: Wait = { at, wake, timer: undefined };
    this.#waits.add(wait);
    this.#startTimer(wait);
    return () => {
      clearTimeout(wait.timer);
      this.#waits.delete(wait);
    };
  };

  goAhead(ms: number): void {
    this.#move(ms);
  }

  goOnFrom(at: number): void {
    this.#floor = Number.NEGATIVE_INFINITY;
    this.#move(at - this.now());
  }

  standStill(ms: number): void {
    this.#floor = this.now();
    this.#move(-ms);
  }

  timeout(ms: number): { readonly signal: AbortSignal } & Disposable {
    return startTimeout(ms, this.now, this.wakeAt);
  }

  [Symbol.dispose](): void {
    clearInterval(this.#check);
  }

  #move(ms: number): void {
    this.#origin += ms;
    this.#offMs -= ms;
    for (const wait of this.#waits) this.#startTimer(wait);
  }

  #startTimer(wait: Wait): void {
    clearTimeout(wait.timer);
    const flowing = this.#origin + this.#machine.monotonic();
    // While it stands still more has to pass than it says.
    const waitMs = wait.at <= this.now() ? 0 : wait.at - flowing;
    wait.timer = setTimeout(
      () => {
        if (waitMs > maxWaitMs) return this.#startTimer(wait);
        this.#waits.delete(wait);
        wait.wake();
      },
      Math.min(waitMs, maxWaitMs),
    );
  }

  /** Compares this clock with the machine's. What moved that and was no suspension is a step. */
  #compare(): void {
    const movedMs = this.#machine.wall() - this.now() - this.#offMs;
    const suspendedMs = this.#findSuspended(movedMs);
    if (suspendedMs >= stepMs) {
      // Counted, so that what was due meanwhile is due now: a page too early rather than none.
      this.#offMs += suspendedMs;
      this.goAhead(suspendedMs);
      this.#log.warn({ suspendedMs }, "machine-suspended");
    }
    const steppedMs = this.#machine.wall() - this.now() - this.#offMs;
    if (Math.abs(steppedMs) < stepMs) return;
    this.#log.warn({ steppedMs }, "clock-stepped");
    this.#offMs += steppedMs;
  }

  /**
   * How long the machine was suspended since that was last asked. Both the time since boot and the wall have to tell of
   * it, because either may be moved by something else: by who sets the clock, or by what a container takes for its
   * boot. So by how much the clock is set back within the same second is not counted: it looks like the latter.
   */
  #findSuspended(movedMs: number): number {
    const bootMs = this.#readBoot();
    const aheadMs = bootMs === null || this.#bootMs === null ? 0 : bootMs - this.#bootMs;
    // Short ones add up to one that counts.
    if (this.#bootMs !== null && Math.abs(aheadMs) < stepMs) return 0;
    this.#bootMs = bootMs;
    return Math.round(Math.min(aheadMs, movedMs));
  }

  #readBoot(): number | null {
    try {
      return this.#machine.uptime() - this.#machine.monotonic();
    } catch {
      return null;
    }
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
