/** Holds work that nobody waits for while it runs; disposing waits until all of it has ended. */
export class Background implements AsyncDisposable {
  readonly #underWay = new Set<Promise<unknown>>();

  /** Settles as `work` does; the caller handles a rejection. */
  track<T>(work: Promise<T>): Promise<T> {
    this.#underWay.add(work);
    const forget = () => this.#underWay.delete(work);
    work.then(forget, forget);
    return work;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.allSettled(this.#underWay);
  }
}
