import { maxMentions } from "../../../domain/incident/colleagues/ring.ts";
import type { Press } from "../../../domain/incident/command.ts";
import type { Tag } from "../../../domain/incident/policy.ts";
import type { Person } from "../../../domain/person.ts";
import { DeliveryError } from "../../../errors.ts";
import type { InFlight } from "../../../kit/in-flight.ts";
import type { IsOccupied } from "../../../ports/occupied.ts";
import type { Rung, UnstoredCard } from "../../../ports/teams-sender.ts";
import type { Clock } from "../../../ports/time.ts";
import { maxSendMs } from "../../../ports/timing.ts";
import { thread } from "../../../words/colleague/thread.ts";
import type { CardSettings } from "../../cards/context.ts";
import { toUnstoredCard } from "../../cards/incident/incident-card.ts";
import { toRingOfUnstored, toShownPress } from "../../cards/incident/together.ts";
import { toMentions } from "../../cards/message.ts";
import type { ConnectorFor } from "../../wire/budget/connector-for.ts";
import { isContentRefused } from "../../wire/failure.ts";
import { toCardActivity } from "../../wire/outgoing.ts";
import type { Channels } from "../channels.ts";
import { postFirstTaken, quiet, toNaming, toWays, type Way } from "../mention.ts";
import type { Pace } from "../pace.ts";
import { Together } from "../together.ts";
import type { UnstoredCards } from "./unstored-cards.ts";

/** A mention waits for so long behind the cards of others; nothing else brings it back. */
const ringWithinMs = 60_000;

export interface UnstoredPostsOptions extends CardSettings {
  readonly channels: Pick<Channels, "recallLink">;
  readonly connectorFor: ConnectorFor;
  readonly clock: Clock;
  readonly inFlight: InFlight;
  /** How fast cards and others ring people in each channel. */
  readonly pace: Pace;
  readonly unstored: UnstoredCards;
  readonly isOccupied: IsOccupied;
}

/** A press whose card stands there, and whom that did not mention. */
interface UnstoredRing extends Omit<Rung, "needed"> {
  readonly press: Press;
}

/** `left` null: its card mentions everybody. */
interface Posted {
  readonly card: UnstoredCard | null;
  readonly left: UnstoredRing | null;
}

/**
 * Posts presses that could not be recorded (rule 1), without the store. They ring as the others do: by the card, unless
 * others in that channel were rung only just, and then together with what came meanwhile.
 */
export class UnstoredPosts {
  readonly #options: UnstoredPostsOptions;
  readonly #rings: Together<UnstoredRing, readonly string[]>;

  constructor(options: UnstoredPostsOptions) {
    this.#options = options;
    const sendAll = (rings: readonly UnstoredRing[], signal: AbortSignal) => {
      const ringing = this.#ringAll(rings, signal);
      return () => ringing;
    };
    this.#rings = new Together({ ...options, sendAll });
  }

  /** Resolves once everybody was mentioned whom Teams takes. `at`: epoch milliseconds. Rejects with DeliveryError. */
  async post(press: Press, rung: Rung, at: number, signal: AbortSignal): Promise<void> {
    const posting = this.#postCard(press, rung, at, signal);
    const ringing = posting.then((posted) => this.#ringLeft(posted));
    const standing = posting.then(({ card }) => card);
    this.#options.unstored.note(press.incident, standing, ringing);
    await ringing;
  }

  async #postCard(press: Press, rung: Rung, at: number, signal: AbortSignal): Promise<Posted> {
    const { channels, connectorFor, language, pace, clock, isOccupied } = this.#options;
    const { conversation, serviceUrl } = channels.recallLink(press.channel);
    const free = rung.people.filter((person) => !isOccupied(person, press.incident));
    const named = toMentions(free.slice(0, maxMentions), thread[language].ask.colleague);
    const ways = toWays([toOwnIds(named)], rung.tag);
    const mayRing = ways.length > 0 && pace.takeNow(conversation, clock.now());
    const toMessage = ({ mentioned, tag }: Way) => {
      const { card, summary } = toUnstoredCard(press, this.#options, at, mentioned, tag, rung.needed);
      return toCardActivity(card, summary);
    };
    // Nothing brings it back, so it waits for as long as it may.
    const connector = connectorFor("card", maxSendMs);
    const tried = mayRing ? [...ways, quiet] : [quiet];
    const place = { serviceUrl, conversation };
    const posting = postFirstTaken(connector, place, tried, toMessage, signal);
    const { activity, way } = await posting.catch((error: unknown) => {
      if (mayRing) pace.giveBack(conversation);
      throw error;
    });
    const people = free.filter(({ id }) => !way.rung.includes(id));
    const tag = way.tag === null ? rung.tag : null;
    const left = people.length === 0 && tag === null ? null : { press, people, tag };
    if (activity === null) return { card: null, left };
    const { incident } = press;
    const card = { incident, ...place, activity, postedAt: at, rung: way.rung, isTagRung: way.tag !== null };
    return { card, left };
  }

  async #ringLeft({ card, left }: Posted): Promise<UnstoredCard | null> {
    const { channels, clock } = this.#options;
    if (left === null) return card;
    const { conversation } = channels.recallLink(left.press.channel);
    using timeout = clock.timeout(ringWithinMs);
    const rung = await this.#rings.send(conversation, left, timeout.signal).catch((cause: unknown) => {
      // Not as held back: whoever tried it again would post the card once more.
      throw new DeliveryError("unreachable", "The card stands there, and its mention failed", { cause });
    });
    if (card === null) return null;
    const isTagRung = card.isTagRung || (left.tag !== null && rung.includes(left.tag.id));
    return { ...card, rung: [...card.rung, ...rung], isTagRung };
  }

  /** Posts as many messages as it takes to mention all of them; answers whom they rang. */
  async #ringAll(rings: readonly UnstoredRing[], signal: AbortSignal): Promise<readonly string[]> {
    const { language, isOccupied } = this.#options;
    const free = rings.flatMap(({ press, people }) => people.filter((each) => !isOccupied(each, press.incident)));
    const people = toMentions(free, thread[language].ask.colleague);
    const tag = rings.find((ring) => ring.tag !== null)?.tag ?? null;
    const presses = rings.map(({ press }) => press);
    const rung: string[] = [];
    for (let at = 0; at === 0 || at < people.length; at += maxMentions) {
      const some = people.slice(at, at + maxMentions);
      rung.push(...(await this.#mention(some, at === 0 ? tag : null, presses, signal)));
    }
    return rung;
  }

  /** One whom Teams does not take keeps no other from it. */
  async #mention(
    people: readonly Person[],
    tag: Tag | null,
    presses: readonly Press[],
    signal: AbortSignal,
  ): Promise<readonly string[]> {
    const { channels, connectorFor, language } = this.#options;
    const [first] = presses;
    const ways = toWays([toOwnIds(people)], tag);
    if (first === undefined || ways.length === 0) return [];
    const shown = presses.map((press) => toShownPress(press, this.#options));
    const toMessage = (way: Way) => toRingOfUnstored(way.mentioned, way.tag, shown, language);
    const link = channels.recallLink(first.channel);
    try {
      const { way } = await postFirstTaken(connectorFor("ring", ringWithinMs), link, ways, toMessage, signal);
      return way.rung;
    } catch (error) {
      if (!isContentRefused(error)) throw error;
    }
    if (people.length <= 1) return [];
    const half = Math.ceil(people.length / 2);
    return [
      ...(await this.#mention(people.slice(0, half), tag, presses, signal)),
      ...(await this.#mention(people.slice(half), null, presses, signal)),
    ];
  }
}

/** By the ids that the configuration has, because nothing that was met can be read now. */
function toOwnIds(people: readonly Person[]) {
  return toNaming(people, ({ id }) => id);
}
