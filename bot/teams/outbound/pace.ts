/** So many in a row ring people one by one. */
const maxInRow = 3;
/** After those, one message each so often, for all that came meanwhile. */
const everyMs = 2_000;

/** How fast messages that ring may follow each other, to one person or in one channel. */
export class Pace {
  /** By person or channel, when all that were taken will have had their time. */
  readonly #spentUntil = new Map<string, number>();

  /** Takes the next turn; answers when that is, in epoch milliseconds: a moment that is over means now. */
  take(key: string, now: number): number {
    for (const [other, until] of this.#spentUntil) if (until <= now) this.#spentUntil.delete(other);
    const spentUntil = this.#spentUntil.get(key) ?? now;
    this.#spentUntil.set(key, spentUntil + everyMs);
    return spentUntil - (maxInRow - 1) * everyMs;
  }

  /** Takes the next turn if that is now. */
  takeNow(key: string, now: number): boolean {
    if (this.take(key, now) <= now) return true;
    this.giveBack(key);
    return false;
  }

  /** What a turn was taken for did not go out. */
  giveBack(key: string): void {
    const spentUntil = this.#spentUntil.get(key);
    if (spentUntil !== undefined) this.#spentUntil.set(key, spentUntil - everyMs);
  }
}
