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

/** Where an incident's newest card is, and how far the thread under it has come. */
export interface CardState {
  readonly incident: string;
  readonly conversation: string;
  readonly serviceUrl: string;
  /** Its activity id; "" where an earlier version got none. */
  readonly activity: string;
  readonly postedAt: number;
  /** The number of the newest ring that came with it or under it; 0: none did. */
  readonly ring: number;
  /** Whom it or a reply under it mentioned for that ring: ids of people and of the channel's tag. */
  readonly rung: readonly string[];
  /** Whether it or a reply under it ever mentioned the channel's tag. */
  readonly isTagRung: boolean;
  /** The digest of the card as it was last shown, so that an identical card is not sent again. */
  readonly shown: string;
  readonly shownAt: number;
  /** `seq` of the last history line that is told in the thread. */
  readonly repliedTo: number;
}

/** The reply that tells what happens in a round, which is edited, and how far what asks something of people came. */
export interface RoundReply {
  readonly incident: string;
  /** The activity id of the card under which it stands; "": it stands nowhere. */
  readonly card: string;
  /** Its own activity id; "": Teams did not say it, so that it can't be edited. */
  readonly activity: string;
  /** `seq` of its first line. */
  readonly from: number;
  /** `seq` of the last line about which people were asked, or could not be. */
  readonly askedTo: number;
}

/**
 * A card that stands below a newer one and says so is an `old-card`. `ring`: in the channel, for several alarms.
 * `direct`: 1:1.
 */
export type MessageKind = "card" | "old-card" | "reply" | "ring" | "notice" | "direct";

/** A message that stands in Teams. */
export interface SentMessage {
  /** "" for one that belongs to no incident. */
  readonly incident: string;
  readonly conversation: string;
  readonly activity: string;
  readonly serviceUrl: string;
  readonly kind: MessageKind;
  readonly at: number;
}

/** Whom the newest card and what stands under it have mentioned by now. */
export type RungCard = Pick<CardState, "incident" | "activity" | "ring" | "rung" | "isTagRung">;

/** The newest card as it is shown now. */
export type ShownCard = Pick<CardState, "incident" | "activity" | "shown" | "shownAt">;

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
  loadRoundReply(incident: string): Promise<RoundReply | null>;
  /** All that was posted for that incident, the newest card too, in no order. */
  listMessages(incident: string): Promise<readonly SentMessage[]>;
  loadChannel(name: string): Promise<LinkedChannel | null>;
  /** By `Person.id`. */
  loadMember(person: string): Promise<Member | null>;
  /** By `Member.teamsId`. */
  loadMemberByTeamsId(teamsId: string): Promise<Member | null>;
}

/** Reads and changes what the bot has learned from Teams. */
export interface TeamsTx extends TeamsReader {
  /** Saves a card that was posted; it is the newest from now on, and the one before stays among the messages. */
  saveCard(card: CardState): Promise<void>;
  /** Changes nothing when another card is the newest by now. */
  saveShown(card: ShownCard): Promise<void>;
  /** Changes nothing when another card is the newest by now. */
  saveRung(card: RungCard): Promise<void>;
  /** Saves the newest, in the place of the one before. */
  saveRoundReply(reply: RoundReply): Promise<void>;
  /** Saves how far the thread has come. */
  saveRepliedTo(incident: string, seq: number): Promise<void>;
  /** Saves one that was posted; of one that is there already, its kind. */
  saveMessage(message: SentMessage): Promise<void>;
  saveChannel(channel: LinkedChannel): Promise<void>;
  saveMembers(members: readonly Member[]): Promise<void>;
}
