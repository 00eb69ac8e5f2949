/**
 * The turns of the event loop in which rows begin, one for all lanes: the lane that posts new cards goes first, so that
 * an update that begins beside it knows that its card is about to be followed.
 */
export class Turns {
  #waiting: { readonly goesFirst: boolean; readonly take: () => void }[] = [];

  /** Calls `take` in the next turn. */
  expect(goesFirst: boolean, take: () => void): void {
    if (this.#waiting.length === 0) setImmediate(() => this.#take());
    this.#waiting.push({ goesFirst, take });
  }

  #take(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const each of waiting) if (each.goesFirst) each.take();
    for (const each of waiting) if (!each.goesFirst) each.take();
  }
}
