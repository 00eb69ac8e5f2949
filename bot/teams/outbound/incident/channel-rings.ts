import { maxMentions } from "../../../domain/incident/colleagues/ring.ts";
import { isAskable } from "../../../domain/incident/draft.ts";
import { done, type SendOutcome } from "../../../ports/send-outcome.ts";
import type { ChannelRing } from "../../../ports/store/outbox.ts";
import type { Store, Transaction } from "../../../ports/store/store.ts";
import type { Clock } from "../../../ports/time.ts";
import { isContentRefused, isRefused } from "../../wire/failure.ts";
import { type FoundCard, loadCard } from "./found-card.ts";
import type { LostCards } from "./lost-cards.ts";
import type { RootCards } from "./root-cards.ts";
import type { Thread } from "./thread.ts";
import { mayRingAnew } from "./when-free.ts";

export interface ChannelRingsOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly roots: RootCards;
  readonly thread: Thread;
  readonly lost: LostCards;
}

/** Mentions people in the incident's channel after its first card. Methods reject with DeliveryError. */
export class ChannelRings {
  readonly #options: ChannelRingsOptions;
  readonly #underWay = new Set<{ readonly incident: string }>();

  constructor(options: ChannelRingsOptions) {
    this.#options = options;
  }

  /** Whether a newer card of that incident may be about to come. */
  isUnderWay(incident: string): boolean {
    return [...this.#underWay].some((each) => each.incident === incident);
  }

  /**
   * Mentions them on a new card where a round begins, at most once a minute, and where the card is lost; else under the
   * newest. Does nothing once a newer card has rung them.
   */
  async ring(incident: string, ring: ChannelRing, signal: AbortSignal): Promise<SendOutcome> {
    const entry = { incident };
    this.#underWay.add(entry);
    try {
      const found = await loadCard(this.#options.store, incident);
      return found === null ? done : await this.#ring(found, ring, signal);
    } finally {
      this.#underWay.delete(entry);
    }
  }

  async #ring(found: FoundCard, ring: ChannelRing, signal: AbortSignal): Promise<SendOutcome> {
    const { clock, thread, lost } = this.#options;
    const { incident, state } = found;
    // Nothing is asked of anyone once it is closed.
    if (incident.closedAt !== null || state.ring > ring.number) return done;
    const people = ring.people.filter((person) => isAskable(incident, person));
    const isOnCard = state.ring === ring.number;
    const mayBeginAnew = ring.beginsRound && mayRingAnew(state, clock.now());
    if (!isOnCard && (mayBeginAnew || state.activity === "" || lost.isLost("ring", incident)))
      return this.#ringOnNewCard(found, { ...ring, people }, signal);
    const unmentioned = isOnCard ? people.slice(maxMentions) : people;
    if (unmentioned.length === 0) return done;
    try {
      await thread.ring(unmentioned, state, incident, signal);
      return done;
    } catch (error) {
      const isOfCard = isRefused(error) && !isContentRefused(error);
      if (!isOfCard || !lost.noteRefusal("ring", incident) || isOnCard) throw error;
      return this.#ringOnNewCard(found, { ...ring, people }, signal);
    }
  }

  async #ringOnNewCard(
    { incident, state }: FoundCard,
    { people, number }: ChannelRing,
    signal: AbortSignal,
  ): Promise<SendOutcome> {
    const { roots, lost } = this.#options;
    if (roots.isSpent(incident)) {
      // They were rung by cards whose ids Teams did not say; the card of before stays the one that is updated.
      roots.forget(incident);
      return done;
    }
    const card = await roots.post(incident, state, false, signal);
    lost.noteFound(incident);
    const record = (tx: Transaction) => tx.saveCard(card);
    const isRung = people.length === 0 || (card.ring >= number && people.length <= maxMentions);
    return isRung ? { ...done, record } : { kind: "again", at: card.postedAt, record };
  }
}
