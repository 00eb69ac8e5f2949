/** A mention of somebody; its `text` has to occur in the text of the message. */
export interface Mention {
  readonly type: string;
  readonly text: string;
  readonly mentioned: { readonly id: string; readonly name: string };
}

/** A card or another thing beside the text of a message. */
interface Attachment {
  readonly contentType: string;
  readonly content: unknown;
}

/**
 * An activity that we send: Teams and the connector fill in the rest.
 * https://learn.microsoft.com/azure/bot-service/rest-api/bot-framework-rest-connector-api-reference#activity-object
 */
export interface OutgoingActivity {
  readonly type: "message";
  readonly text?: string;
  /** What a banner and a locked phone show. */
  readonly summary?: string;
  readonly attachments?: readonly Attachment[];
  readonly entities?: readonly Mention[];
  readonly channelData?: Readonly<Record<string, unknown>>;
}

/**
 * Calls Teams. Every call is made once, follows no redirect, ends when its `signal` aborts, and rejects with
 * DeliveryError; retry and order belong to the outbox. `test/contracts/connector-contract.ts` says it case by case.
 */
export interface Connector {
  /**
   * Posts to a conversation, or to a thread of it with `;messageid=`. Resolves with the activity's id; null when Teams
   * sent none.
   */
  post(
    serviceUrl: string,
    conversation: string,
    activity: OutgoingActivity,
    signal: AbortSignal,
  ): Promise<string | null>;
  /** Replaces an activity. May be repeated without harm. */
  update(
    serviceUrl: string,
    conversation: string,
    id: string,
    activity: OutgoingActivity,
    signal: AbortSignal,
  ): Promise<void>;
  /** Resolves with the id of the 1:1 conversation with a member, made when there is none. */
  createConversation(serviceUrl: string, teamsId: string, tenant: string | null, signal: AbortSignal): Promise<string>;
  /** Finds a member of a conversation by Entra object id or Teams id; null when Teams does not know them there. */
  findMember(serviceUrl: string, conversation: string, id: string, signal: AbortSignal): Promise<FoundMember | null>;
  /** Finds any member of a conversation; null when nobody is in it. Rejects where the bot itself is not let in. */
  findAnyMember(serviceUrl: string, conversation: string, signal: AbortSignal): Promise<FoundMember | null>;
}

export interface FoundMember {
  readonly teamsId: string;
  readonly name: string;
  readonly entraId: string | null;
}
