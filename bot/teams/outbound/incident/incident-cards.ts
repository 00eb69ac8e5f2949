import { newestRing } from "../../../domain/incident/colleagues/ring.ts";
import type { Incident } from "../../../domain/incident/incident.ts";
import type { InFlight } from "../../../kit/in-flight.ts";
import { done, type SendOutcome } from "../../../ports/send-outcome.ts";
import type { ChannelRing } from "../../../ports/store/outbox.ts";
import type { CardState } from "../../../ports/store/teams.ts";
import type { OpenedIncident } from "../../../ports/teams-sender.ts";
import { isTold } from "../../cards/incident/thread.ts";
import { isRefused } from "../../wire/failure.ts";
import type { UnstoredCards } from "../unstored/unstored-cards.ts";
import { CardSync } from "./card-sync.ts";
import { ChannelRings } from "./channel-rings.ts";
import { loadCard } from "./found-card.ts";
import { LostCards } from "./lost-cards.ts";
import { OldCards, type OldCardsOptions } from "./old-cards.ts";
import { RootCards, type RootCardsOptions } from "./root-cards.ts";
import { RoundReplies } from "./round-replies.ts";
import type { SharedRingsOptions } from "./shared-rings.ts";
import { Thread, type ThreadOptions } from "./thread.ts";

/** How long after closing a card is still posted: later it helps nobody, and would delay that of a new incident. */
const postableForMs = 24 * 3_600_000;

export interface IncidentCardsOptions extends RootCardsOptions, ThreadOptions, OldCardsOptions, SharedRingsOptions {
  readonly inFlight: InFlight;
  readonly unstored: UnstoredCards;
}

/** Posts and updates an incident's cards and the thread under the newest. Methods reject with DeliveryError. */
export class IncidentCards {
  readonly #options: IncidentCardsOptions;
  readonly #roots: RootCards;
  readonly #rings: ChannelRings;
  readonly #sync: CardSync;

  constructor(options: IncidentCardsOptions) {
    const roots = new RootCards(options);
    const thread = new Thread(options);
    const lost = new LostCards(roots, options.clock, options.log);
    const rings = new ChannelRings({ ...options, roots, thread, lost });
    this.#options = options;
    this.#roots = roots;
    this.#rings = rings;
    const [replies, oldCards] = [new RoundReplies(options), new OldCards(options)];
    this.#sync = new CardSync({ ...options, roots, thread, replies, lost, rings, oldCards });
  }

  /** Posts the first card, unless one was posted before or its incident closed too long ago. */
  async postCard(id: string, signal: AbortSignal, opened: OpenedIncident | null): Promise<SendOutcome> {
    const { channels, clock } = this.#options;
    const { incident, lines } = opened ?? (await this.#loadWithoutCard(id));
    if (incident === null || this.#isLongClosed(incident)) return done;
    // By a ring from memory, or by a post of which nothing could be written.
    const standing = opened === null ? null : this.#roots.recall(incident);
    if (standing !== null) return { ...done, rang: standing };
    const unstored = await this.#takeUnstored(incident, signal);
    const card = unstored ?? (await this.#roots.post(incident, null, false, signal));
    if (card === null) return { kind: "again", at: clock.now() };
    const isWhole = () =>
      lines?.some(isTold) === false && channels.namesOf(card.conversation).includes(incident.channel);
    return {
      ...done,
      record: (tx) => tx.saveCard(card),
      rang: card,
      shown: () => (isWhole() ? incident.version : null),
    };
  }

  /** `incident` null: there is none, or a card of it stands already. */
  async #loadWithoutCard(id: string) {
    const [incident, state, lines] = await this.#options.store.read(async (reader) =>
      Promise.all([reader.loadIncident(id), reader.loadCard(id), reader.loadHistory(id, 0)]),
    );
    return { incident: state === null ? incident : null, lines };
  }

  async syncCard(id: string, signal: AbortSignal): Promise<SendOutcome> {
    const found = await loadCard(this.#options.store, id);
    if (found === null) return done;
    this.#roots.note(found.state);
    try {
      return await this.#sync.sync(found, signal);
    } catch (error) {
      // Nobody looks at it any more, so it is not tried without end.
      if (isRefused(error) && this.#isLongClosed(found.incident)) return done;
      throw error;
    }
  }

  ringChannel(id: string, ring: ChannelRing, signal: AbortSignal): Promise<SendOutcome> {
    return this.#rings.ring(id, ring, signal);
  }

  ringUnstored(recall: () => Incident, ring: ChannelRing, signal: AbortSignal): Promise<SendOutcome> {
    return this.#rings.ringUnstored(recall, ring, signal);
  }

  /** Goes on on the card that was posted from memory; null when there is none, or Teams does not let it be changed. */
  async #takeUnstored(incident: Incident, signal: AbortSignal): Promise<CardState | null> {
    const { unstored, connectorFor, clock } = this.#options;
    const card = await unstored.find(incident.id);
    if (card === null) return null;
    const { activity, digest } = await this.#roots.render(incident, card);
    try {
      await connectorFor("card").update(card.serviceUrl, card.conversation, card.activity, activity, signal);
    } catch (error) {
      if (!isRefused(error)) throw error;
      // What is tried next is a card of its own.
      unstored.forget(card);
      return null;
    }
    const ring = newestRing(incident)?.number ?? 0;
    const state = { ...card, ring, shown: digest, shownAt: clock.now(), repliedTo: 0 };
    this.#roots.note(state);
    return state;
  }

  #isLongClosed({ closedAt }: Incident): boolean {
    return closedAt !== null && this.#options.clock.now() - closedAt > postableForMs;
  }
}
