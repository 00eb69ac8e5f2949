import type { Clock } from "../../../bot/ports/time.ts";

/**
 * Pauses by one clock, thousands at once, each at the same cost, because listeners of one signal would be searched one
 * by one. Disposing ends all of them, and those that would begin later.
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

  /** Resolves after `ms`, or at the end. */
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
