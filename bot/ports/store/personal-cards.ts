/** The card of an alarm in somebody's chat. Alarms that were told together share one. */
export interface ChatCard {
  readonly incident: string;
  /** `Person.id`. */
  readonly person: string;
  /** The message that it stands below: its activity id, or what stands in for one that Teams did not say. */
  readonly message: string;
  readonly conversation: string;
  readonly serviceUrl: string;
  /** Its activity id; "": it can't be changed, since Teams said none or refused it; null: it is still to be posted. */
  readonly activity: string | null;
  /** When the message was posted: of one alarm the card of the last message is the newest. */
  readonly at: number;
  /** The digest of the card as it was last shown. */
  readonly shown: string;
  readonly shownAt: number;
}

/** Names a card by whose chat it stands in and the message that it follows. */
export type ChatCardPlace = Pick<ChatCard, "person" | "message">;

/** How a card stands there now. */
export type ShownChatCard = ChatCardPlace & Pick<ChatCard, "activity" | "shown" | "shownAt">;

/** Reads which cards stand in people's chats. */
export interface ChatCardReader {
  /** Those of one incident in one chat, the newest last. */
  listChatCards(incident: string, person: string): Promise<readonly ChatCard[]>;
  /** The alarms that share that card, each with it. */
  listSharedChatCard(place: ChatCardPlace): Promise<readonly ChatCard[]>;
}

/** Reads and changes which cards stand in people's chats. */
export interface ChatCardTx extends ChatCardReader {
  /** Changes nothing where that is known already. */
  addChatCards(cards: readonly ChatCard[]): Promise<void>;
  /** Saves how the card stands there now, for all alarms that share it. */
  saveChatCard(card: ShownChatCard): Promise<void>;
}

/** Where a message stands in Teams. */
export interface MessagePlace {
  readonly conversation: string;
  readonly serviceUrl: string;
  readonly activity: string;
}

/** The card that shows somebody what becomes of their own press; one stands in each chat. */
export interface PresserCard extends MessagePlace {
  /** `Person.id`. */
  readonly person: string;
  /** Its activity id; "": none that can be changed, because it was never made, is gone, or Teams did not say its id. */
  readonly activity: string;
  /** The alarm that was last shown or told; "": none yet. */
  readonly incident: string;
  /** What was last told by a message, the digest of the card as it was last shown, or both. */
  readonly shown: string;
  readonly shownAt: number;
}

/** Reads which cards show people what becomes of their presses. */
export interface PresserCardReader {
  /** By `Person.id`. */
  loadPresserCard(person: string): Promise<PresserCard | null>;
}

/** Reads and changes which cards show people what becomes of their presses. */
export interface PresserCardTx extends PresserCardReader {
  savePresserCard(card: PresserCard): Promise<void>;
}

/**
 * A message in somebody's chat that shows from then on what becomes of an alarm of theirs, or of their visit. Of one
 * alarm, and of the visit, the newest goes on.
 */
export interface FollowUp extends MessagePlace {
  /** `Person.id`. */
  readonly person: string;
  /**
   * What it is to show: that alarm; the visit as it is; that it was ended, or that there is none any more; or that
   * another message goes on. All but the alarm that is open and the visit are the last that it shows.
   */
  readonly shows: "alarm" | "visit" | "visit-ended" | "no-visit" | "elsewhere";
  /** "": about no alarm. */
  readonly incident: string;
  /** Since when it is to show that. */
  readonly since: number;
  /** The digest of the card as it was last shown; "": it was not changed yet. */
  readonly shown: string;
  readonly shownAt: number;
}

/** Reads which messages show people what becomes of their alarms and visits. */
export interface FollowUpReader {
  /** By `Person.id`, the newest last. */
  listFollowUps(person: string): Promise<readonly FollowUp[]>;
}

/** Reads and changes which messages show people what becomes of their alarms and visits. */
export interface FollowUpTx extends FollowUpReader {
  saveFollowUp(followUp: FollowUp): Promise<void>;
  deleteFollowUp(followUp: Pick<FollowUp, "person" | "activity">): Promise<void>;
}
