import { createHash } from "node:crypto";
import { maxMentions, newestRing, type Ring } from "../../../domain/incident/colleagues/ring.ts";
import type { Incident } from "../../../domain/incident/incident.ts";
import { type Tag, tagOf } from "../../../domain/incident/policy.ts";
import { DeliveryError } from "../../../errors.ts";
import type { Log } from "../../../log.ts";
import type { CardState } from "../../../ports/store/teams.ts";
import type { Clock } from "../../../ports/time.ts";
import { thread } from "../../../words/colleague/thread.ts";
import type { CardContext } from "../../cards/context.ts";
import { toIncidentCard, toSummary } from "../../cards/incident/incident-card.ts";
import type { Mentioned } from "../../cards/mentions.ts";
import { toMentions } from "../../cards/message.ts";
import type { Connector, OutgoingActivity } from "../../wire/connector.ts";
import { isContentRefused, isThrottled } from "../../wire/failure.ts";
import { toAnswerActivity, toCardActivity } from "../../wire/outgoing.ts";
import type { Channels } from "../channels.ts";
import { type Mentions, postFirstTaken } from "../mention.ts";

/** A card that rings goes out this often while Teams takes it without saying its id: once more than is meant. */
const maxRingsWithoutId = 2;

export interface RootCardsOptions {
  readonly channels: Channels;
  readonly connector: Connector;
  readonly clock: Clock;
  readonly log: Log;
  readonly loadContext: (incident: Incident) => Promise<CardContext>;
  readonly mentions: Mentions;
}

/** Whom a card mentions, and which tag. */
interface Way {
  readonly mentioned: readonly Mentioned[];
  readonly tag: Tag | null;
}

const quiet: Way = { mentioned: [], tag: null };

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

  constructor(options: RootCardsOptions) {
    this.#options = options;
  }

  /** The card that stands as `isTagRung` says, brought up to date. */
  async render(incident: Incident, { isTagRung }: Pick<CardState, "isTagRung">): Promise<RenderedCard> {
    return toRendered(incident, await this.#options.loadContext(incident), isTagRung);
  }

  /** Whether a new card of that incident rings a tag. */
  async mayRingTag(incident: Incident): Promise<boolean> {
    return tagOf((await this.#options.loadContext(incident)).policy, incident.channel) !== null;
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
   * `isQuiet`. A connection that is reset after the post counts as "perhaps posted" and the outbox repeats it, because
   * two cards are better than none. One that Teams took without an id counts as none, because it could never be
   * updated.
   */
  async post(incident: Incident, before: CardState | null, isQuiet: boolean, signal: AbortSignal): Promise<CardState> {
    const { channels, connector, clock, loadContext } = this.#options;
    const { conversation, serviceUrl } = await channels.resolveLink(incident.channel);
    const context = await loadContext(incident);
    const ring = incident.closedAt === null ? newestRing(incident) : null;
    const isSilent = isQuiet || this.isSpent(incident);
    const ways = isSilent ? [quiet] : await this.#listWays(ring, incident, context);
    const toActivity = isSilent ? toAnswerActivity : toCardActivity;
    const summary = toSummary(incident, context);
    const { activity, way, message } = await postFirstTaken(
      connector,
      { serviceUrl, conversation },
      ways,
      ({ mentioned, tag }) => {
        const shownTag = tag === null ? null : { tag, isMentioned: true };
        return toActivity(toIncidentCard(incident, context, mentioned, shownTag), summary);
      },
      signal,
      // Teams takes few messages that mention a tag, and a card without it is better than a late one.
      (error, { tag }) => isContentRefused(error) || (isThrottled(error) && tag !== null),
    );
    if (activity === null) throw this.#noteWithoutId(incident);
    this.#withoutId.delete(incident.id);
    const now = clock.now();
    const isLeftOut = !isSilent && way.mentioned.length === 0 && (ring?.people.length ?? 0) > 0;
    const isRung = !isQuiet && !isLeftOut;
    const isTagRung = way.tag !== null || (isSilent && before?.isTagRung === true);
    return {
      incident: incident.id,
      ...{ conversation, serviceUrl, activity },
      postedAt: now,
      ring: isRung ? (ring?.number ?? 0) : (before?.ring ?? 0),
      isTagRung,
      // An update would show the same as a card that mentions nobody.
      shown: way === quiet && !isSilent ? toDigest(message) : toRendered(incident, context, isTagRung).digest,
      shownAt: now,
      repliedTo: before?.repliedTo ?? 0,
    };
  }

  /**
   * The ways to mention them, first with the tag and then without, and at last none, because a card that mentions
   * nobody is better than no card.
   */
  async #listWays(ring: Ring | null, incident: Incident, context: CardContext): Promise<readonly Way[]> {
    const named = toMentions(ring?.people.slice(0, maxMentions) ?? [], thread[context.language].ask.colleague);
    const ofPeople = named.length === 0 ? [] : await this.#options.mentions.listWays(named);
    const tag = incident.closedAt === null ? tagOf(context.policy, incident.channel) : null;
    const withTag = tag === null ? [] : (named.length === 0 ? [[]] : ofPeople).map((mentioned) => ({ mentioned, tag }));
    return [...withTag, ...ofPeople.map((mentioned) => ({ mentioned, tag: null })), quiet];
  }

  #noteWithoutId({ id }: Incident): DeliveryError {
    this.#withoutId.set(id, (this.#withoutId.get(id) ?? 0) + 1);
    this.#options.log.warn({ incident: id }, "card-without-id");
    return new DeliveryError("unreachable", "Teams took the card without saying its id", { mayHaveArrived: true });
  }
}

function toRendered(incident: Incident, context: CardContext, isTagRung: boolean): RenderedCard {
  const tag = isTagRung ? tagOf(context.policy, incident.channel) : null;
  const card = toIncidentCard(incident, context, [], tag === null ? null : { tag, isMentioned: false });
  const activity = toCardActivity(card, toSummary(incident, context));
  return { activity, digest: toDigest(activity) };
}

function toDigest(activity: OutgoingActivity): string {
  return createHash("sha256").update(JSON.stringify(activity)).digest("base64");
}
