import type { Press } from "../domain/incident/command.ts";
import type { HistoryLine } from "../domain/incident/history.ts";
import type { Incident } from "../domain/incident/incident.ts";
import type { Tag } from "../domain/incident/policy.ts";
import type { Person } from "../domain/person.ts";
import type { RouteTest } from "../domain/route-test/route-test.ts";
import type { Visit } from "../domain/visit/visit.ts";
import type { SendOutcome } from "./send-outcome.ts";
import type { Trouble } from "./status.ts";
import type { ChannelRing, MovedChannel } from "./store/outbox.ts";

/** The content of a message to a channel; Teams makes the sentence or card of it. */
export type ChannelContent =
  /** An incident whose card is posted in another channel. */
  | { readonly kind: "notice"; readonly incident: Incident }
  /** The day's line about what is wrong. */
  | { readonly kind: "troubles"; readonly troubles: readonly Trouble[] }
  /** The result of a test of the routes. */
  | { readonly kind: "test-result"; readonly test: RouteTest };

/** The content of a 1:1 message. */
export type PersonContent =
  /** An incident, for somebody on duty. `recall`: as memory has it now; left out: the store is asked. */
  | { readonly kind: "incident"; readonly incident: Incident; readonly recall?: () => Incident }
  /** That it is over, for somebody who is still on the way. */
  | { readonly kind: "all-clear"; readonly incident: Incident }
  /** That it is at another location, for somebody who was on the way. */
  | { readonly kind: "let-go"; readonly incident: Incident }
  /** The question whether all is well, at the end of a visit. */
  | { readonly kind: "visit-ask"; readonly visit: Visit }
  /** A test of whether they hear it: a text that rings, and a card to say so. */
  | { readonly kind: "ring-test"; readonly test: string }
  /** The notice that their visit has become an alarm. */
  | { readonly kind: "visit-pressed" };

/**
 * How somebody is told what becomes of their own press: by `edit` on the card that stands in their chat, which makes no
 * sound; by `card` also on a new one, where none stands and none of their alarms is open; by `message`, which rings.
 */
export type TellPresser = "edit" | "card" | "message" | "not";

/** How somebody is told of that alarm of theirs; null: they have none of late. */
export type HowToTell = (alarm: Incident | null) => TellPresser;

/** Whom a card from memory mentions. `tag`: that of its channel; null: it has none. */
export interface Rung {
  readonly people: readonly Person[];
  readonly tag: Tag | null;
  /** How many have to come. */
  readonly needed: number;
}

/** A card that was posted from memory (rule 1). */
export interface UnstoredCard {
  /** The one that it bears: of a press that joins another, none that is ever on disk. */
  readonly incident: string;
  readonly conversation: string;
  readonly serviceUrl: string;
  readonly activity: string;
  readonly postedAt: number;
  /** Ids of whom it mentions: people, and the channel's tag. */
  readonly rung: readonly string[];
  readonly isTagRung: boolean;
}

/** An incident whose first card is yet to stand, and what its history has; null: memory does not know that. */
export interface OpenedIncident {
  readonly incident: Incident;
  readonly lines: readonly HistoryLine[] | null;
}

/** Sends to Teams for the engine. Each method sends once, never retries by itself, and rejects with DeliveryError. */
export interface TeamsSender {
  /** Whether Teams takes no more messages now in that channel, and is there. */
  isBusy(channel: string): boolean;
  /**
   * Posts the incident's first card in its channel, with mentions of those who are rung. `opened`: what it would
   * otherwise read, where that is known and no card stands yet that this process did not post.
   */
  postCard(incident: string, signal: AbortSignal, opened?: OpenedIncident | null): Promise<SendOutcome>;
  /** Brings the card and the thread under it up to date, which rings nobody but who is asked something there. */
  syncCard(incident: string, signal: AbortSignal): Promise<SendOutcome>;
  /** Mentions people in the incident's channel, on a new card or under the newest. */
  ringChannel(incident: string, ring: ChannelRing, signal: AbortSignal): Promise<SendOutcome>;
  /** As `ringChannel`, without reading or writing the store. `recall`: the incident as memory has it now. */
  ringUnstored(recall: () => Incident, ring: ChannelRing, signal: AbortSignal): Promise<SendOutcome>;
  sendToChannel(channel: string, content: ChannelContent, signal: AbortSignal): Promise<SendOutcome>;
  /** Tells the conversation to which a channel's alarms went that they go elsewhere now. */
  tellMoved(moved: MovedChannel, signal: AbortSignal): Promise<void>;
  sendToPerson(person: Person, content: PersonContent, signal: AbortSignal): Promise<SendOutcome>;
  /**
   * Brings the cards of that incident in this person's chat up to date, silently, and posts the card that their newest
   * message about it is still to have.
   */
  syncChatCards(incident: string, person: Person, signal: AbortSignal): Promise<SendOutcome>;
  /**
   * Tells somebody what becomes of their own press (rule 27): of `open`, or where that is null, of the last one while
   * its end is news.
   */
  tellPresser(person: Person, open: Incident | null, howToTell: HowToTell, signal: AbortSignal): Promise<SendOutcome>;
  /**
   * Looks this person up in Teams and makes their 1:1 conversation, so that an alarm finds both (rule 26). `isAnew`:
   * also when both are known, to learn whether they still hold. Rejects as refused when Teams does not let the bot
   * message them, and as misconfigured while no channel is linked.
   */
  prepareToMessage(person: Person, isAnew: boolean, signal: AbortSignal): Promise<void>;
  /**
   * Posts a press that could not be recorded (rule 1), with mentions of those. Reads nothing from the store. `at`:
   * epoch milliseconds.
   */
  postUnstored(press: Press, rung: Rung, at: number, signal: AbortSignal): Promise<void>;
  /** The cards from memory that stand and belong to no incident on disk yet, oldest first. */
  listUnstored(): readonly UnstoredCard[];
  /** Forgets one, because an incident goes on with it. */
  forgetUnstored(card: UnstoredCard): void;
}
