/** Work that nobody waits for while it runs; disposing waits for all of it, however it ends. */
export class Background implements AsyncDisposable {
  readonly #underWay = new Set<Promise<unknown>>();

  /** Settles as `work` does; who called handles a rejection. */
  track<T>(work: Promise<T>): Promise<T> {
    this.#underWay.add(work);
    const leave = () => this.#underWay.delete(work);
    work.then(leave, leave);
    return work;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.allSettled(this.#underWay);
  }
}
