import type { Kernel } from "./kernel.ts";

/** However quiet it is believed to be, there is a look every second. */
const lookEveryMs = 1_000;

/**
 * Calls `look` when the nearest expected moment comes, and every second whatever is believed; never twice at once. What
 * is expected during a look counts after it. `look` answers with the next moment it knows of, or null. Disposing waits
 * for the look that is under way.
 */
export class Poller implements AsyncDisposable {
  readonly #kernel: Pick<Kernel, "clock" | "log" | "inFlight">;
  readonly #poll: () => Promise<number | null>;
  #cancel = (): void => {};
  #wakesAt: number;
  #looking: Promise<void> | null = null;
  #isStopped = false;

  constructor(kernel: Pick<Kernel, "clock" | "log" | "inFlight">, poll: () => Promise<number | null>) {
    this.#kernel = kernel;
    this.#poll = poll;
    this.#wakesAt = kernel.clock.now();
    this.#sleep();
  }

  /** Don't sleep past `at` (epoch milliseconds). */
  expect(at: number): void {
    if (at >= this.#wakesAt) return;
    this.#wakesAt = at;
    if (this.#looking === null) this.#sleep();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isStopped = true;
    this.#cancel();
    await this.#looking;
  }

  #sleep(): void {
    this.#cancel();
    if (!this.#isStopped) this.#cancel = this.#kernel.clock.wakeAt(this.#wakesAt, () => this.#wake());
  }

  #wake(): void {
    if (this.#looking !== null || this.#isStopped) return;
    this.#looking = this.#run().finally(() => {
      this.#looking = null;
      this.#sleep();
    });
  }

  async #run(): Promise<void> {
    const { clock, log, inFlight } = this.#kernel;
    using _entry = inFlight.enter();
    this.#wakesAt = clock.now() + lookEveryMs;
    try {
      const next = await this.#poll();
      if (next !== null) this.#wakesAt = Math.min(this.#wakesAt, next);
    } catch (error) {
      log.error({ err: error }, "look-failed");
    }
  }
}
