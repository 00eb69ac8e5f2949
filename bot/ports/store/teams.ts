import type { Person } from "../../domain/person.ts";

/** A channel of the configuration, bound to a conversation in Teams. */
export interface LinkedChannel {
  readonly name: string;
  readonly conversation: string;
  readonly serviceUrl: string;
  readonly tenant: string | null;
}

/** Where an incident's card is, and how far its thread has come. */
export interface CardState {
  readonly incident: string;
  readonly conversation: string;
  readonly serviceUrl: string;
  /** Activity id of the newest card. */
  readonly activity: string;
  /** Digest of the card as it was last shown: what would look the same is not sent again. */
  readonly shown: string;
  readonly shownAt: number;
  /** Last line of the history that was replied in the thread. */
  readonly repliedTo: number;
}

/** A person as this bot may address them in Teams. */
export interface Member {
  readonly person: Person;
  /** The id to mention and message: `29:…`. */
  readonly teamsId: string;
  /** The 1:1 conversation, once made. */
  readonly conversation: string | null;
  readonly serviceUrl: string;
}

/** What Teams taught the bot: where channels, cards and people are. */
export interface TeamsReader {
  loadCard(incident: string): Promise<CardState | null>;
  loadChannel(name: string): Promise<LinkedChannel | null>;
  /** By `Person.id`. */
  loadMember(person: string): Promise<Member | null>;
}

/** Changes of it. */
export interface TeamsTx extends TeamsReader {
  saveCard(card: CardState): Promise<void>;
  saveChannel(channel: LinkedChannel): Promise<void>;
  saveMembers(members: readonly Member[]): Promise<void>;
}
