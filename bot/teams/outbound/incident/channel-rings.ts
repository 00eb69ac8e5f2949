import { isAskable } from "../../../domain/incident/colleagues/inside.ts";
import type { Incident } from "../../../domain/incident/incident.ts";
import type { InFlight } from "../../../kit/in-flight.ts";
import type { IsOccupied } from "../../../ports/occupied.ts";
import { done, type SendOutcome } from "../../../ports/send-outcome.ts";
import type { ChannelRing } from "../../../ports/store/outbox.ts";
import type { Store, Transaction } from "../../../ports/store/store.ts";
import type { CardState } from "../../../ports/store/teams.ts";
import type { Clock } from "../../../ports/time.ts";
import { isContentRefused, isRefused } from "../../wire/failure.ts";
import type { Pace } from "../pace.ts";
import { Together } from "../together.ts";
import { loadCard } from "./found-card.ts";
import type { LostCards } from "./lost-cards.ts";
import type { RootCards } from "./root-cards.ts";
import { type RingingCard, SharedRings, type SharedRingsOptions, type WaitingRing } from "./shared-rings.ts";
import type { Ringing, RungUnder, Thread } from "./thread.ts";
import { mayRingAnew } from "./when-free.ts";

export interface ChannelRingsOptions extends SharedRingsOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly inFlight: InFlight;
  readonly pace: Pace;
  readonly roots: RootCards;
  readonly thread: Thread;
  readonly lost: LostCards;
  readonly isOccupied: IsOccupied;
}

/** Mentions people in the incident's channel after its first card. Methods reject with DeliveryError. */
export class ChannelRings {
  readonly #options: ChannelRingsOptions;
  readonly #together: Together<WaitingRing, SendOutcome>;
  readonly #shared: SharedRings;
  readonly #underWay = new Set<{ readonly incident: string }>();

  constructor(options: ChannelRingsOptions) {
    this.#options = options;
    this.#shared = new SharedRings(options);
    this.#together = new Together({ ...options, sendAll: (rings, signal) => this.#ringAll(rings, signal) });
  }

  /** Whether a newer card of that incident may be about to come. */
  isUnderWay(incident: string): boolean {
    return [...this.#underWay].some((each) => each.incident === incident);
  }

  /**
   * Mentions them on a new card where a round begins, at most once a minute, and where the card is lost; else under the
   * newest, or together with others where that channel was rung only just. Does nothing once a newer ring has come, and
   * mentions nobody twice for one ring.
   */
  ring(incident: string, ring: ChannelRing, signal: AbortSignal): Promise<SendOutcome> {
    return this.#begin(incident, () => this.#load(incident), ring, signal);
  }

  /**
   * As `ring`, without the store: by the card as it was last seen, and on a new one where none was. `recall`: the
   * incident as memory has it. What comes of it is for `record`, whenever that can be.
   */
  ringUnstored(recall: () => Incident, ring: ChannelRing, signal: AbortSignal): Promise<SendOutcome> {
    return this.#begin(recall().id, async () => this.#recall(recall), ring, signal);
  }

  async #begin(
    incident: string,
    find: () => Promise<RingingCard | null>,
    ring: ChannelRing,
    signal: AbortSignal,
  ): Promise<SendOutcome> {
    const entry = { incident };
    this.#underWay.add(entry);
    try {
      const found = await find();
      return found === null ? done : await this.#ring(found, ring, signal);
    } finally {
      this.#underWay.delete(entry);
    }
  }

  async #load(id: string): Promise<RingingCard | null> {
    const found = await loadCard(this.#options.store, id);
    if (found === null) return null;
    this.#options.roots.note(found.state);
    const { incident, state } = found;
    return { incident, state, renew: () => this.#load(id), saveCard: (tx, card) => tx.saveCard(card) };
  }

  #recall(recall: () => Incident): RingingCard {
    const incident = recall();
    const state = this.#options.roots.recall(incident) ?? toNoCard(incident);
    return { incident, state, renew: async () => this.#recall(recall), saveCard: saveUnstored };
  }

  async #ring(found: RingingCard, ring: ChannelRing, signal: AbortSignal): Promise<SendOutcome> {
    const { clock, lost } = this.#options;
    const { incident, state } = found;
    // Nothing is asked of anyone once it is closed.
    if (incident.closedAt !== null || state.ring > ring.number) return done;
    const isBegun = state.ring === ring.number;
    const mayBeginAnew = ring.beginsRound && mayRingAnew(state, clock.now());
    if (!isBegun && (mayBeginAnew || state.activity === "" || lost.isLost("ring", incident)))
      return this.#ringOnNewCard(found, ring, signal);
    const left = await this.#findLeft(found, ring);
    return left === null ? done : this.#together.send(state.conversation, { found, ring, left }, signal);
  }

  /**
   * Rings for what is left of them by now. One has its card alone; what Teams does not take of one alarm must not keep
   * the others from ringing.
   */
  #ringAll(rings: readonly WaitingRing[], signal: AbortSignal): (ring: WaitingRing) => Promise<SendOutcome> {
    const renewing = Promise.all(rings.map((ring) => this.#renew(ring)));
    const posting = renewing.then((renewed) => {
      const left = renewed
        .filter((ring) => ring !== null)
        .toSorted((one, other) => one.found.incident.number - other.found.incident.number);
      return left.length > 1 ? this.#shared.post(left, signal) : null;
    });
    return async (before) => {
      const ring = (await renewing)[rings.indexOf(before)] ?? null;
      if (ring === null) return done;
      try {
        const toRung = await posting;
        if (toRung !== null) return this.#toOutcome(toRung(ring));
      } catch (error) {
        if (!isContentRefused(error)) throw error;
      }
      return this.#ringUnderCard(ring, signal);
    };
  }

  /** That ring as it is now; null: nobody is left whom it has to mention. As it was where that can't be read. */
  async #renew(before: WaitingRing): Promise<WaitingRing | null> {
    const { ring } = before;
    try {
      const found = await before.found.renew();
      if (found === null || found.incident.closedAt !== null) return null;
      const left = await this.#findLeft(found, ring);
      return left === null ? null : { found, ring, left };
    } catch {
      return before;
    }
  }

  async #ringUnderCard({ found, ring, left }: WaitingRing, signal: AbortSignal): Promise<SendOutcome> {
    const { thread, lost } = this.#options;
    const { incident, state } = found;
    try {
      return this.#toOutcome(await thread.ring(left, ring.number, found, signal));
    } catch (error) {
      const isOfCard = isRefused(error) && !isContentRefused(error);
      if (!isOfCard || !lost.noteRefusal("ring", incident) || state.ring === ring.number) throw error;
      return this.#ringOnNewCard(found, ring, signal);
    }
  }

  /** Whom it did not mention is for the next time. */
  #toOutcome({ state, isWhole, record }: RungUnder): SendOutcome {
    const { roots, clock } = this.#options;
    roots.note(state);
    return isWhole ? { ...done, record } : { kind: "again", at: clock.now(), record };
  }

  /** Mentions on a new card as many as there is room for; what is left is for the next time. */
  async #ringOnNewCard(found: RingingCard, ring: ChannelRing, signal: AbortSignal): Promise<SendOutcome> {
    const { incident, state } = found;
    const { clock, roots, lost } = this.#options;
    if (roots.isSpent(incident)) {
      // They were rung by cards whose ids Teams did not say; the card of before stays the one that is updated.
      roots.forget(incident);
      return done;
    }
    const card = await roots.post(incident, state, false, signal);
    if (card === null) return { kind: "again", at: clock.now() };
    lost.noteFound(incident);
    const newest = { ...card, ring: Math.max(card.ring, ring.number) };
    roots.note(newest);
    const record = (tx: Transaction) => found.saveCard(tx, newest);
    const left = await this.#findLeft({ incident, state: newest }, ring);
    return left === null ? { ...done, record } : { kind: "again", at: card.postedAt, record };
  }

  /** Whom that ring did not mention yet; null: all of them were mentioned, or a newer ring has come. */
  async #findLeft(
    { incident, state }: Pick<RingingCard, "incident" | "state">,
    ring: ChannelRing,
  ): Promise<Ringing | null> {
    const { people: all, number, ringsTag } = ring;
    if (state.ring > number) return null;
    const rung = new Set(state.ring === number ? state.rung : []);
    const { isOccupied } = this.#options;
    const people = all.filter((person) => {
      return isAskable(incident, person) && !isOccupied(person, incident.id) && !rung.has(person.id);
    });
    const tag = ringsTag ? await this.#options.roots.findTag(incident) : null;
    const left = { people, tag: tag === null || rung.has(tag.id) ? null : tag };
    return left.people.length === 0 && left.tag === null ? null : left;
  }
}

/** Nothing stands there, as far as memory knows. */
function toNoCard({ id }: Incident): CardState {
  const nowhere = { conversation: "", serviceUrl: "", activity: "" };
  const nothing = { ring: 0, rung: [], isTagRung: false, shown: "", shownAt: 0, repliedTo: 0 };
  return { incident: id, ...nowhere, postedAt: Number.NEGATIVE_INFINITY, ...nothing };
}

/** What was told under the card of before, memory does not know; nor a card of a newer ring that came since. */
async function saveUnstored(tx: Transaction, card: CardState): Promise<void> {
  const stored = await tx.loadCard(card.incident);
  if (stored !== null && stored.ring > card.ring) {
    const { incident, conversation, serviceUrl, activity, postedAt: at } = card;
    await tx.saveMessage({ incident, conversation, serviceUrl, activity, kind: "card", at });
  } else await tx.saveCard({ ...card, repliedTo: stored?.repliedTo ?? card.repliedTo });
}
