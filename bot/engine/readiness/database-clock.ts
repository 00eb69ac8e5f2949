import type { ClockTrouble } from "../../ports/status.ts";
import type { Store } from "../../ports/store/store.ts";
import type { OwnClock } from "../../ports/time.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { Poller } from "../kernel/poller.ts";

const measureEveryMs = 60_000;
/** Clocks that differ by more than this do so because one of them is wrong, and nobody knows which. */
const maxApartMs = 10 * 60_000;
/** By less than this clocks differ anyway. */
const notedMs = 2_000;
/** Time stands still for no longer than this at once, because somebody may wait for a moment. */
const maxStillMs = 1_000;

/** The moment it is by the database's own server, in epoch milliseconds; null: it has no clock. */
type ReadClock = Store["readClock"];

/**
 * Goes by the clock of the database's server, which is the same for all who share that database. It is asked at the
 * start, and each minute after that; between, monotonic time counts. Where the database is a file, or can't be asked,
 * the machine's clock counts as before.
 */
export class DatabaseClock implements AsyncDisposable {
  readonly #kernel: Kernel;
  readonly #clock: OwnClock;
  readonly #read: ReadClock;
  #poller: Poller | null = null;
  #trouble: ClockTrouble | null = null;

  private constructor(kernel: Kernel, clock: OwnClock, read: ReadClock) {
    this.#kernel = kernel;
    this.#clock = clock;
    this.#read = read;
  }

  /** Sets the clock, before anything goes by it, and follows the server from then on. Never rejects. */
  static async follow(
    kernel: Kernel,
    clock: OwnClock,
    read: ReadClock = () => kernel.store.readClock(),
  ): Promise<DatabaseClock> {
    const followed = new DatabaseClock(kernel, clock, read);
    await followed.#start();
    return followed;
  }

  /** Whether its clock and the machine's, or ours, are too far apart to be followed. */
  get troubles(): readonly ClockTrouble[] {
    return this.#trouble === null ? [] : [this.#trouble];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#poller?.[Symbol.asyncDispose]();
  }

  async #start(): Promise<void> {
    const { log } = this.#kernel;
    try {
      const aheadMs = await this.#measure();
      if (aheadMs === null) return;
      this.#clock.goOnFrom(this.#clock.now() + aheadMs);
      if (Math.abs(aheadMs) >= notedMs) log.warn({ aheadMs }, "clock-set");
      this.#judge(0);
    } catch (error) {
      log.error({ err: error }, "look-failed");
    }
    const poll = async () => {
      await this.#keepUp();
      return null;
    };
    this.#poller = new Poller(this.#kernel, poll, measureEveryMs);
  }

  async #keepUp(): Promise<void> {
    const aheadMs = (await this.#measure()) ?? 0;
    this.#judge(aheadMs);
    if (Math.abs(aheadMs) > maxApartMs) return;
    if (aheadMs > 0) this.#clock.goAhead(aheadMs);
    if (aheadMs < 0) this.#clock.standStill(Math.min(-aheadMs, maxStillMs));
    if (Math.abs(aheadMs) >= notedMs) this.#kernel.log.warn({ aheadMs }, "clock-set");
  }

  /**
   * By how many milliseconds at least the server's clock is ahead of ours, negative: behind; 0 where the way to it and
   * back may be all of it; null: it has none.
   */
  async #measure(): Promise<number | null> {
    const before = this.#clock.now();
    const at = await this.#read();
    const after = this.#clock.now();
    if (at === null) return null;
    return at > after ? at - after : Math.min(0, at - before);
  }

  /** `aheadMs`: of ours. The machine's tells which of the two was wrong at the start. */
  #judge(aheadMs: number): void {
    const ofMachine = this.#clock.now() + aheadMs - this.#clock.wall();
    const apartMs = Math.max(Math.abs(aheadMs), Math.abs(ofMachine));
    if (apartMs <= maxApartMs) {
      this.#trouble = null;
      return;
    }
    if (this.#trouble === null) this.#kernel.log.error({ apartMs }, "clock-differs");
    const since = this.#trouble?.since ?? this.#clock.now();
    this.#trouble = { kind: "clock-differs", since, apartMs };
  }
}
