import { maxMentions, newestRing, type Ring } from "../../../domain/incident/colleagues/ring.ts";
import type { Incident } from "../../../domain/incident/incident.ts";
import { type Tag, tagOf } from "../../../domain/incident/policy.ts";
import { DeliveryError } from "../../../errors.ts";
import type { Log } from "../../../log.ts";
import type { IsOccupied } from "../../../ports/occupied.ts";
import type { CardState } from "../../../ports/store/teams.ts";
import type { Clock } from "../../../ports/time.ts";
import { thread } from "../../../words/colleague/thread.ts";
import type { CardContext } from "../../cards/context.ts";
import { toIncidentCard, toSummary } from "../../cards/incident/incident-card.ts";
import { toTagOnCard } from "../../cards/incident/tag.ts";
import { toMentions } from "../../cards/message.ts";
import type { ConnectorFor } from "../../wire/budget/connector-for.ts";
import type { OutgoingActivity } from "../../wire/connector.ts";
import { isContentRefused, isRefused } from "../../wire/failure.ts";
import { toAnswerActivity, toCardActivity, toDigest } from "../../wire/outgoing.ts";
import type { Channels } from "../channels.ts";
import { type Mentions, postFirstTaken, quiet, type Way } from "../mention.ts";
import type { Pace } from "../pace.ts";

/** After this many refusals in a row a card is tried with fewer mentions, too. */
const maxWholeTries = 3;
/** A card that rings goes out this often while Teams takes it without saying its id: once more than is meant. */
const maxRingsWithoutId = 2;
/** Of so many incidents memory knows where the newest card stands: as many as it holds that are open. */
const maxStanding = 2_000;

export interface RootCardsOptions {
  readonly channels: Channels;
  readonly connectorFor: ConnectorFor;
  readonly clock: Clock;
  readonly log: Log;
  readonly loadContext: (incident: Incident) => Promise<CardContext>;
  readonly mentions: Mentions;
  /** How fast cards and others ring people in each channel. */
  readonly pace: Pace;
  readonly isOccupied: IsOccupied;
}

/** A card as an update shows it, and the digest by which it is known again. */
export interface RenderedCard {
  readonly activity: OutgoingActivity;
  readonly digest: string;
}

/** Posts cards, each of them the newest of its incident. Methods reject with DeliveryError. */
export class RootCards {
  readonly #options: RootCardsOptions;
  /** How often in a row Teams took a card of that incident without saying its id. */
  readonly #withoutId = new Map<string, number>();
  /** How often in a row Teams refused a card of that incident. */
  readonly #refusals = new Map<string, number>();
  /** The card of that incident that is being posted. */
  readonly #posting = new Map<string, Promise<unknown>>();
  /** The newest card of each incident as it was last seen, oldest first. */
  readonly #standing = new Map<string, CardState>();

  constructor(options: RootCardsOptions) {
    this.#options = options;
  }

  /** The card that stands as `isTagRung` says, brought up to date. */
  async render(incident: Incident, { isTagRung }: Pick<CardState, "isTagRung">): Promise<RenderedCard> {
    return toRendered(incident, await this.#options.loadContext(incident), isTagRung);
  }

  /** The tag that a new card of that incident rings; null: none. */
  async findTag(incident: Incident): Promise<Tag | null> {
    return tagOf((await this.#options.loadContext(incident)).policy, incident.channel);
  }

  /** Notes the newest card of an incident, for when the store can't tell where it stands. */
  note(card: CardState): void {
    this.#standing.delete(card.incident);
    this.#standing.set(card.incident, card);
    const [oldest] = this.#standing.keys();
    if (this.#standing.size > maxStanding && oldest !== undefined) this.#standing.delete(oldest);
  }

  /** The newest card of that incident as it was last seen; null: none was by this process. */
  recall({ id }: Pick<Incident, "id">): CardState | null {
    return this.#standing.get(id) ?? null;
  }

  /** Whether as many ringing cards went out without an id as may, so that another one would ring once too often. */
  isSpent({ id }: Pick<Incident, "id">): boolean {
    return (this.#withoutId.get(id) ?? 0) >= maxRingsWithoutId;
  }

  /** Forgets those that went out without an id. */
  forget({ id }: Pick<Incident, "id">): void {
    this.#withoutId.delete(id);
  }

  /**
   * Posts a card that takes the place of `before`; null: it is the first. It mentions who is to be rung, unless
   * `isQuiet`, or others in that channel were rung only just: then the ring that follows does. A connection that is
   * reset after the post counts as "perhaps posted" and the outbox repeats it, because two cards are better than none.
   * One that Teams took without an id counts as none, because it could never be updated. Resolves with null, once that
   * has ended, where another card of that incident was being posted.
   */
  async post(
    incident: Incident,
    before: CardState | null,
    isQuiet: boolean,
    signal: AbortSignal,
  ): Promise<CardState | null> {
    const other = this.#posting.get(incident.id);
    if (other !== undefined) {
      await Promise.allSettled([other]);
      return null;
    }
    const posting = this.#post(incident, before, isQuiet, signal);
    this.#posting.set(incident.id, posting);
    try {
      const card = await posting;
      this.note(card);
      return card;
    } finally {
      this.#posting.delete(incident.id);
    }
  }

  async #post(incident: Incident, before: CardState | null, isQuiet: boolean, signal: AbortSignal): Promise<CardState> {
    const { channels, connectorFor, clock, loadContext, pace } = this.#options;
    const address = await channels.resolveLink(incident.channel);
    const context = await loadContext(incident);
    const ring = incident.closedAt === null ? newestRing(incident) : null;
    const ways = await this.#listWays(ring, incident, context);
    const [best = quiet] = ways;
    const isSpent = this.isSpent(incident);
    const isSilent = isQuiet || isSpent;
    const mayRing = !isSilent && best !== quiet && pace.takeNow(address.conversation, clock.now());
    const toActivity = isSilent ? toAnswerActivity : toCardActivity;
    const summary = toSummary(incident, context);
    const toMessage = ({ mentioned, tag }: Way) =>
      toActivity(
        toIncidentCard(incident, context, mentioned, tag === null ? null : { tag, isMentioned: true, isRung: true }),
        summary,
      );
    const connector = connectorFor("card");
    const posting = postFirstTaken(connector, address, mayRing ? ways : [quiet], toMessage, signal, (error) =>
      this.#mayPassOtherwise(incident, error),
    );
    const { activity, way, message } = await posting.catch((error: unknown) => {
      if (mayRing) pace.giveBack(address.conversation);
      return this.#throwRefused(incident, error);
    });
    if (activity === null) throw this.#noteWithoutId(incident);
    this.#withoutId.delete(incident.id);
    this.#refusals.delete(incident.id);
    const now = clock.now();
    // Those whose ids Teams did not say rang as they were meant to.
    const taken = isSpent ? best : way;
    const rings = isQuiet && before !== null ? before : { ring: ring?.number ?? 0, rung: taken.rung };
    const isTagRung = taken.tag !== null || (isQuiet && before?.isTagRung === true);
    const { conversation, serviceUrl } = address;
    return {
      incident: incident.id,
      ...{ conversation, serviceUrl, activity },
      postedAt: now,
      ...{ ring: rings.ring, rung: rings.rung, isTagRung },
      // An update would show the same as a card that mentions nobody.
      shown: way === quiet && !isSilent ? toDigest(message) : toRendered(incident, context, isTagRung).digest,
      shownAt: now,
      repliedTo: before?.repliedTo ?? 0,
    };
  }

  /** The ways to ring them, and at last none, because a card that mentions nobody is better than no card. */
  async #listWays(ring: Ring | null, incident: Incident, context: CardContext): Promise<readonly Way[]> {
    const free = (ring?.people ?? []).filter((person) => !this.#options.isOccupied(person, incident.id));
    const named = toMentions(free.slice(0, maxMentions), thread[context.language].ask.colleague);
    const tag = incident.closedAt === null ? tagOf(context.policy, incident.channel) : null;
    return [...(await this.#options.mentions.listWays(named, tag)), quiet];
  }

  /**
   * Whether a card that mentions less may be taken: it is the content that is refused, or a card of that incident was
   * refused again and again, and nobody knows with what Teams refuses a mention.
   */
  #mayPassOtherwise({ id }: Incident, error: unknown): boolean {
    return isContentRefused(error) || (isRefused(error) && (this.#refusals.get(id) ?? 0) >= maxWholeTries - 1);
  }

  #throwRefused({ id }: Incident, error: unknown): never {
    if (isRefused(error)) this.#refusals.set(id, (this.#refusals.get(id) ?? 0) + 1);
    throw error;
  }

  #noteWithoutId({ id }: Incident): DeliveryError {
    this.#withoutId.set(id, (this.#withoutId.get(id) ?? 0) + 1);
    this.#options.log.warn({ incident: id }, "card-without-id");
    return new DeliveryError("unreachable", "Teams took the card without saying its id", { mayHaveArrived: true });
  }
}

function toRendered(incident: Incident, context: CardContext, isTagRung: boolean): RenderedCard {
  const card = toIncidentCard(incident, context, [], toTagOnCard(incident, context.policy, isTagRung));
  const activity = toCardActivity(card, toSummary(incident, context));
  return { activity, digest: toDigest(activity) };
}
