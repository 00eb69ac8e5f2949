/** More than this of one fault are variations that say nothing new. */
const maxKnown = 20;

/** Why something fails for a while: each reason is news once, until it works again. */
export class Reasons {
  readonly #known = new Set<string>();

  /** Whether nobody was told it yet. */
  isNew(cause: unknown): boolean {
    const reason = cause instanceof Error ? cause.message : String(cause);
    if (this.#known.has(reason) || this.#known.size === maxKnown) return false;
    this.#known.add(reason);
    return true;
  }

  /** It works again. */
  forget(): void {
    this.#known.clear();
  }
}
