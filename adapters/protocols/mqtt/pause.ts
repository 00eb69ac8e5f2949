import type { Clock } from "../../../bot/ports/time.ts";

/**
 * Pauses by one clock, thousands at once and each at the same cost; the listeners of one AbortSignal would be searched
 * one by one. Disposing ends all of them, and every later one at once.
 */
export class Pauses implements Disposable {
  readonly #clock: Clock;
  readonly #underWay = new Set<() => void>();
  #isEnded = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get isEnded(): boolean {
    return this.#isEnded;
  }

  /** Resolves after `ms`, or when this is disposed of. */
  pause(ms: number): Promise<void> {
    if (this.#isEnded) return Promise.resolve();
    return new Promise((resolve) => {
      const finish = (): void => {
        cancel();
        this.#underWay.delete(finish);
        resolve();
      };
      const cancel = this.#clock.wakeAt(this.#clock.now() + ms, finish);
      this.#underWay.add(finish);
    });
  }

  [Symbol.dispose](): void {
    this.#isEnded = true;
    for (const finish of this.#underWay) finish();
  }
}
