/** Counts work that goes on without time passing; at 0 all is done that can be done at this moment. */
export class InFlight {
  #count = 0;

  get count(): number {
    return this.#count;
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
