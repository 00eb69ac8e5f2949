import type { DeliveryReason, Feedback, PageReason } from "../../domain/incident/incident.ts";
import type { Person } from "../../domain/person.ts";

/** A channel whose alarms go elsewhere now, and the conversation to which they went. */
export interface MovedChannel {
  readonly channel: string;
  readonly conversation: string;
  readonly serviceUrl: string;
  /** The name of who linked it elsewhere; null: the configuration did. */
  readonly by: string | null;
}

/**
 * Who is to be mentioned in the channel together, with `ringsTag` beside the channel's tag; with `beginsRound` on a new
 * card.
 */
export interface ChannelRing {
  readonly people: readonly Person[];
  /** Grows within the incident. */
  readonly number: number;
  readonly beginsRound: boolean;
  readonly ringsTag: boolean;
}

/** A message that has to go out. */
export type Outgoing =
  | { readonly kind: "card" }
  | { readonly kind: "board" }
  | { readonly kind: "message"; readonly person: Person; readonly ring: number }
  /** Brings the card in that person's chat up to date, or posts the one that follows a message. */
  | { readonly kind: "chat"; readonly person: Person }
  /** Shows or tells somebody what becomes of their own press (rule 27). */
  | { readonly kind: "presser"; readonly person: Person }
  /** Without an incident: has the card made that shows it, or brings it up to date. */
  | { readonly kind: "presser-card"; readonly person: Person }
  /** Tells somebody who is still on the way that it is over. */
  | { readonly kind: "all-clear"; readonly person: Person }
  /** Tells somebody who was on the way that it is at another location. */
  | { readonly kind: "let-go"; readonly person: Person }
  | ({ readonly kind: "ring" } & ChannelRing)
  | { readonly kind: "notice"; readonly channel: string }
  | { readonly kind: "page"; readonly pager: string; readonly page: string; readonly reason: PageReason }
  | { readonly kind: "update"; readonly pager: string; readonly page: string }
  | { readonly kind: "call-off"; readonly pager: string; readonly page: string }
  | { readonly kind: "call"; readonly pager: string; readonly call: string; readonly person: Person }
  /** `at`: when the incident changed, in epoch milliseconds. */
  | {
      readonly kind: "feedback";
      readonly source: string;
      readonly button: string;
      readonly what: Feedback;
      readonly at: number;
    }
  /** Without an incident: asks a colleague whether all is well, as long as the visit is still as it was then. */
  | { readonly kind: "visit-ask"; readonly person: Person; readonly endsAt: number; readonly asked: number }
  /** Notifies a colleague that their visit has become that alarm. */
  | { readonly kind: "visit-pressed"; readonly person: Person }
  /** Without an incident: the day's line about what is wrong. */
  | { readonly kind: "troubles"; readonly channel: string; readonly day: string }
  /** Without an incident: shows in a channel that the bot works. */
  | { readonly kind: "sign-of-life"; readonly channel: string; readonly day: string }
  /** Without an incident: tells through that pager, which guards never see, what is wrong and what no longer is. */
  | { readonly kind: "trouble-report"; readonly pager: string; readonly day: string }
  /** Without an incident: tells a conversation that the alarms of that channel go elsewhere now. */
  | ({ readonly kind: "moved" } & MovedChannel)
  /**
   * Without an incident: a test of that route, and the result of the test of all routes. `page`: the key of the test
   * page.
   */
  | { readonly kind: "test"; readonly pager: string; readonly page: string }
  | { readonly kind: "test-result"; readonly channel: string; readonly test: string }
  /**
   * Without an incident: asks somebody whether they hear that they are rung, in their chat or by phone. `test`: the id
   * of a test of several, or the day of a first duty.
   */
  | { readonly kind: "ring-test"; readonly person: Person; readonly test: string }
  | { readonly kind: "ring-test-call"; readonly pager: string; readonly person: Person; readonly test: string }
  /** Could not be read any more, and its key does not tell what it was. */
  | { readonly kind: "unreadable" };

/**
 * The lanes, which do not wait for each other: cards, mentions and notices, 1:1 messages, updates of cards and threads,
 * cards in people's chats, feedback to devices, calls to colleagues, what no alarm needs, tests of whether people hear
 * it, and one for each pager.
 */
export type LaneName = CommonLane | PagerLane;
export type CommonLane = "alarm" | "message" | "board" | "chat" | "feedback" | "call" | "quiet" | "ring-test";
type PagerLane = `pager:${string}`;

/** The lane of one pager. */
export function toPagerLane(pager: string): LaneName {
  return `pager:${pager}`;
}

/** The pager whose lane that is; null for a lane of something else. */
export function toPager(lane: LaneName): string | null {
  return isPagerLane(lane) ? lane.slice("pager:".length) : null;
}

export function isPagerLane(lane: LaneName): lane is PagerLane {
  return lane.startsWith("pager:");
}

/** A message as it is put into the outbox. */
export interface NewOutboxRow {
  /**
   * Unique. When it is enqueued again while it waits, the rows become one, due at the earlier moment, and `revision`
   * grows.
   */
  readonly key: string;
  readonly lane: LaneName;
  /** "" for a message that belongs to no incident. */
  readonly incident: string;
  readonly outgoing: Outgoing;
  readonly dueAt: number;
}

/** What calls somebody, and so goes out from memory while nothing can be written. */
const callingKinds = ["card", "page", "ring", "notice", "message", "call"] as const;
export type CallingKind = (typeof callingKinds)[number];

/** A message that calls somebody. */
export interface Calling extends NewOutboxRow {
  readonly outgoing: Extract<Outgoing, { kind: CallingKind }>;
}

export function isCalling<Row extends NewOutboxRow>(row: Row): row is Row & Calling {
  return callingKinds.some((kind) => kind === row.outgoing.kind);
}

/** A message in the outbox, leased to one process. */
export interface OutboxRow extends NewOutboxRow {
  readonly id: number;
  readonly attempts: number;
  readonly revision: number;
  readonly leasedUntil: number;
}

/** Reads what waits to go out. */
export interface OutboxReader {
  countOutbox(): Promise<number>;
  /** The earliest moment at which a waiting row can be leased; null when the outbox is empty. */
  nextOutboxAt(): Promise<number | null>;
  /** Pages to external security that are due and not leased, for when they can't be leased; oldest first. */
  listReadyPages(now: number, limit: number): Promise<readonly OutboxRow[]>;
}

/** Enqueues, leases, settles and postpones rows of the outbox. */
export interface OutboxTx extends OutboxReader {
  /**
   * Resolves with the rows that are new, in order, leased to this process until `leasedUntil`; a row that joined a
   * waiting one is not among them.
   */
  enqueue(rows: readonly NewOutboxRow[], leasedUntil: number): Promise<readonly OutboxRow[]>;
  /** Leases rows of that lane that are due and not leased, oldest first. */
  lease(lane: LaneName, now: number, leasedUntil: number, limit: number): Promise<readonly OutboxRow[]>;
  /** Lanes that have rows. */
  lanes(): Promise<readonly LaneName[]>;
  /**
   * Deletes a row that was sent, and resolves with true. When it was enqueued again meanwhile it stays, due at
   * `againAt`, and false comes back.
   */
  settle(row: OutboxRow, againAt: number): Promise<boolean>;
  /**
   * Makes a row due again at `dueAt`. With a reason it failed and an attempt counts; without, there is only more to do.
   */
  postpone(row: OutboxRow, dueAt: number, reason: DeliveryReason | null): Promise<void>;
  /** Makes everything that waits in that lane due now. */
  bringForward(lane: LaneName, now: number): Promise<void>;
}
