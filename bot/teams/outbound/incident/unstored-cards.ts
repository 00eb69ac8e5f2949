import { late, withTimeout } from "../../../kit/with-timeout.ts";
import type { Clock } from "../../../ports/time.ts";

/** The cards of that many alarms are remembered: more than are pressed while a disk does not answer. */
const maxRemembered = 1_000;
/** Whoever goes on on a card waits for its mention no longer than this; then people may be mentioned twice. */
const ringWithinMs = 3_000;

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

interface Noted {
  readonly posting: Promise<UnstoredCard | null>;
  readonly ringing: Promise<UnstoredCard | null>;
}

/**
 * The cards that were posted from memory (rule 1), by incident, so that a press that is written after all goes on on
 * that card, and has no second one.
 */
export class UnstoredCards {
  readonly #clock: Clock;
  readonly #cards = new Map<string, Noted>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Notes a card that is being posted, and the same once it has mentioned people; null: there is none after all. */
  note(incident: string, posting: Noted["posting"], ringing: Noted["ringing"]): void {
    const orNull = (card: Noted["posting"]) => card.catch(() => null);
    this.#cards.set(incident, { posting: orNull(posting), ringing: orNull(ringing) });
    const [oldest] = this.#cards.keys();
    if (this.#cards.size > maxRemembered && oldest !== undefined) this.#cards.delete(oldest);
  }

  /** Resolves with the card of that incident once it is posted; null when there is none. Never rejects. */
  async find(incident: string): Promise<UnstoredCard | null> {
    const noted = this.#cards.get(incident);
    const card = (await noted?.posting) ?? null;
    if (noted === undefined || card === null) return null;
    const rung = await withTimeout(this.#clock, ringWithinMs, noted.ringing);
    return rung === late || rung === null ? card : rung;
  }

  forget(incident: string): void {
    this.#cards.delete(incident);
  }
}
