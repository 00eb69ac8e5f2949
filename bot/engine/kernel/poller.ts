import type { Kernel } from "./kernel.ts";

/** The longest time between two polls, unless another one is asked for. */
const usualEveryMs = 1_000;

/**
 * Calls `poll` at the nearest expected moment, and every `everyMs` in any case, but never twice at once. A moment that
 * is expected during a poll counts after it. `poll` resolves with the next moment it knows of, in epoch milliseconds,
 * or null. Disposing waits for the poll that is under way.
 */
export class Poller implements AsyncDisposable {
  readonly #kernel: Pick<Kernel, "clock" | "log" | "inFlight">;
  readonly #poll: () => Promise<number | null>;
  readonly #everyMs: number;
  #cancel = (): void => {};
  #pollsAt: number;
  #polling: Promise<void> | null = null;
  #isStopped = false;

  constructor(
    kernel: Pick<Kernel, "clock" | "log" | "inFlight">,
    poll: () => Promise<number | null>,
    everyMs = usualEveryMs,
  ) {
    this.#kernel = kernel;
    this.#poll = poll;
    this.#everyMs = everyMs;
    this.#pollsAt = kernel.clock.now();
    this.#schedule();
  }

  /** Makes the next poll no later than `at` (epoch milliseconds). */
  expect(at: number): void {
    if (at >= this.#pollsAt) return;
    this.#pollsAt = at;
    if (this.#polling === null) this.#schedule();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isStopped = true;
    this.#cancel();
    await this.#polling;
  }

  #schedule(): void {
    this.#cancel();
    if (!this.#isStopped) this.#cancel = this.#kernel.clock.wakeAt(this.#pollsAt, () => this.#startPoll());
  }

  #startPoll(): void {
    if (this.#polling !== null || this.#isStopped) return;
    this.#polling = this.#pollOnce().finally(() => {
      this.#polling = null;
      this.#schedule();
    });
  }

  async #pollOnce(): Promise<void> {
    const { clock, log, inFlight } = this.#kernel;
    using _entry = inFlight.enter();
    this.#pollsAt = clock.now() + this.#everyMs;
    try {
      const next = await this.#poll();
      if (next !== null) this.#pollsAt = Math.min(this.#pollsAt, next);
    } catch (error) {
      log.error({ err: error }, "look-failed");
    }
  }
}
