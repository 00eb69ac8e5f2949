import type { InFlight } from "../../../kit/in-flight.ts";
import { late, withTimeout } from "../../../kit/with-timeout.ts";
import type { UnstoredCard } from "../../../ports/teams-sender.ts";
import type { Clock } from "../../../ports/time.ts";

/** The cards of that many alarms are remembered: more than are pressed while a disk does not answer. */
const maxRemembered = 1_000;
/** Whoever goes on on a card waits for its mention no longer than this; then people may be mentioned twice. */
const ringWithinMs = 3_000;

interface Noted {
  readonly incident: string;
  readonly posting: Promise<UnstoredCard | null>;
  readonly ringing: Promise<UnstoredCard | null>;
  /** As far as it is known by now; null: it does not stand yet. */
  card: UnstoredCard | null;
}

/**
 * The cards that were posted from memory (rule 1), oldest first, so that a press that is written after all goes on on
 * that card, and has no second one.
 */
export class UnstoredCards {
  readonly #clock: Clock;
  readonly #inFlight: InFlight;
  readonly #noted = new Set<Noted>();

  constructor(clock: Clock, inFlight: InFlight) {
    this.#clock = clock;
    this.#inFlight = inFlight;
  }

  /** Notes a card that is being posted, and the same once it has mentioned people; null: there is none after all. */
  note(incident: string, posting: Noted["posting"], ringing: Noted["ringing"]): void {
    const orNull = (card: Noted["posting"]) => card.catch(() => null);
    const noted: Noted = { incident, posting: orNull(posting), ringing: orNull(ringing), card: null };
    this.#noted.add(noted);
    for (const progress of [noted.posting, noted.ringing]) {
      void progress.then((card) => {
        noted.card = card ?? noted.card;
      });
    }
    void noted.posting.then((card) => {
      if (card === null) this.#noted.delete(noted);
    });
    const [oldest] = this.#noted;
    if (this.#noted.size > maxRemembered && oldest !== undefined) this.#noted.delete(oldest);
  }

  /** Those that stand. */
  list(): readonly UnstoredCard[] {
    return [...this.#noted].flatMap(({ card }) => card ?? []);
  }

  /** Resolves with the first card of that incident once it is posted; null when there is none. Never rejects. */
  async find(incident: string): Promise<UnstoredCard | null> {
    // Whoever posts it is counted, unless that waits for its turn.
    using _pause = this.#inFlight.pause();
    for (const noted of [...this.#noted]) {
      const card = noted.incident === incident ? await noted.posting : null;
      if (card === null) continue;
      const rung = await withTimeout(this.#clock, ringWithinMs, noted.ringing);
      return rung === late || rung === null ? card : rung;
    }
    return null;
  }

  forget({ conversation, activity }: UnstoredCard): void {
    for (const noted of this.#noted) {
      if (noted.card?.conversation === conversation && noted.card.activity === activity) this.#noted.delete(noted);
    }
  }
}
