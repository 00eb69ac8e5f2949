/** Counts work that goes on without time passing; at 0 all is done that can be done at this moment. */
export class InFlight {
  #count = 0;
  #paused = 0;

  get count(): number {
    return this.#count - this.#paused;
  }

  /** How much of it waits for time to pass. */
  get paused(): number {
    return this.#paused;
  }

  /** Counts one less while what was counted waits for time to pass, until the returned value is disposed of. */
  pause(): Disposable {
    this.#paused += 1;
    let isPaused = true;
    return {
      [Symbol.dispose]: () => {
        if (isPaused) this.#paused -= 1;
        isPaused = false;
      },
    };
  }

  /** Counts one more, until the returned value is disposed of. */
  enter(): Disposable {
    this.#count += 1;
    let isInside = true;
    return {
      [Symbol.dispose]: () => {
        if (isInside) this.#count -= 1;
        isInside = false;
      },
    };
  }
}
