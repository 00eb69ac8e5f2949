/** The presses that are being written now: what goes out to Teams lets them go first. */
export class Presses {
  #count = 0;
  readonly #onEnds: (() => void)[] = [];

  get areUnderWay(): boolean {
    return this.#count > 0;
  }

  /** Counts one more, until the returned value is disposed of. */
  enter(): Disposable {
    this.#count += 1;
    return {
      [Symbol.dispose]: () => {
        this.#count -= 1;
        for (const onEnd of this.#onEnds) onEnd();
      },
    };
  }

  /** Calls `onEnd` each time when one is on disk, or could not be written. */
  subscribe(onEnd: () => void): void {
    this.#onEnds.push(onEnd);
  }
}
