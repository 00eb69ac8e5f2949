/** The cards of that many alarms are remembered: more than are pressed while a disk does not answer. */
const maxRemembered = 1_000;

/** A card that was posted from memory. */
export interface UnstoredCard {
  readonly conversation: string;
  readonly serviceUrl: string;
  readonly activity: string;
  readonly postedAt: number;
  /** Ids of whom it mentions: people, and the channel's tag. */
  readonly rung: readonly string[];
  readonly isTagRung: boolean;
}

/**
 * The cards that were posted from memory (rule 1), by incident, so that a press that is written after all goes on on
 * that card, and has no second one.
 */
export class UnstoredCards {
  readonly #cards = new Map<string, Promise<UnstoredCard | null>>();

  /** Notes a card that is being posted; null: there is none after all. */
  note(incident: string, posting: Promise<UnstoredCard | null>): void {
    this.#cards.set(
      incident,
      posting.catch(() => null),
    );
    const [oldest] = this.#cards.keys();
    if (this.#cards.size > maxRemembered && oldest !== undefined) this.#cards.delete(oldest);
  }

  /** Resolves with the card of that incident once it is posted; null when there is none. Never rejects. */
  async find(incident: string): Promise<UnstoredCard | null> {
    return (await this.#cards.get(incident)) ?? null;
  }

  forget(incident: string): void {
    this.#cards.delete(incident);
  }
}
