import type { Person } from "../../domain/person.ts";

/** A channel of the configuration that is linked to a conversation in Teams. */
export interface LinkedChannel {
  readonly name: string;
  readonly conversation: string;
  readonly serviceUrl: string;
  readonly tenant: string | null;
  /** The team that the channel is of, in which people are looked up; null until something came from the channel. */
  readonly team: string | null;
  /** The same team as Entra knows it, for links to the channel; null until Teams told it. */
  readonly teamGroup: string | null;
}

/** Where an incident's card is, and how far the thread under it has come. */
export interface CardState {
  readonly incident: string;
  readonly conversation: string;
  readonly serviceUrl: string;
  /** The activity id of the newest card. */
  readonly activity: string;
  /** The digest of the card as it was last shown, so that an identical card is not sent again. */
  readonly shown: string;
  readonly shownAt: number;
  /** `seq` of the last history line that was posted in the thread. */
  readonly repliedTo: number;
}

/** A person as the bot may address them in Teams. */
export interface Member {
  readonly person: Person;
  /** The id by which to mention and message them: `29:…`. */
  readonly teamsId: string;
  /** The 1:1 conversation; null until it is made. */
  readonly conversation: string | null;
  readonly serviceUrl: string;
}

/** Reads what the bot has learned from Teams: where channels, cards and people are. */
export interface TeamsReader {
  loadCard(incident: string): Promise<CardState | null>;
  loadChannel(name: string): Promise<LinkedChannel | null>;
  /** By `Person.id`. */
  loadMember(person: string): Promise<Member | null>;
  /** By `Member.teamsId`. */
  loadMemberByTeamsId(teamsId: string): Promise<Member | null>;
}

/** Reads and changes what the bot has learned from Teams. */
export interface TeamsTx extends TeamsReader {
  saveCard(card: CardState): Promise<void>;
  saveChannel(channel: LinkedChannel): Promise<void>;
  saveMembers(members: readonly Member[]): Promise<void>;
}
