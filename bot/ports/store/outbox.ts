import type { DeliveryReason, Feedback, PageReason } from "../../domain/incident/incident.ts";
import type { Person } from "../../domain/person.ts";

/** One message that has to go out. */
export type Outgoing =
  | { readonly kind: "card" }
  | { readonly kind: "board" }
  | { readonly kind: "message"; readonly person: Person; readonly ring: number }
  | { readonly kind: "notice"; readonly channel: string }
  | { readonly kind: "page"; readonly pager: string; readonly page: string; readonly reason: PageReason }
  | { readonly kind: "update"; readonly pager: string; readonly page: string }
  | { readonly kind: "call-off"; readonly pager: string; readonly page: string }
  | { readonly kind: "call"; readonly pager: string; readonly call: string; readonly person: Person }
  /** `at`: when there was something to tell. */
  | {
      readonly kind: "feedback";
      readonly source: string;
      readonly button: string;
      readonly what: Feedback;
      readonly at: number;
    }
  /** Of no incident: asks a colleague whether all is well, as long as the visit stands as it did then. */
  | { readonly kind: "visit-ask"; readonly person: Person; readonly endsAt: number; readonly asked: number }
  /** Tells a colleague that their visit has become an alarm. */
  | { readonly kind: "visit-pressed"; readonly person: Person }
  /** Of no incident: the day's line about what is wrong. */
  | { readonly kind: "troubles"; readonly channel: string; readonly day: string }
  /** Of no incident: a test of that route, and what came of all of them. `page`: its key. */
  | { readonly kind: "test"; readonly pager: string; readonly page: string }
  | { readonly kind: "test-result"; readonly channel: string; readonly test: string };

/**
 * Lanes do not wait for each other: cards and notices, 1:1 messages, replies and updates, signs to devices, calls to
 * colleagues, one per pager.
 */
export type LaneName = "alarm" | "message" | "board" | "feedback" | "call" | `pager:${string}`;

/** The lane of one pager. */
export function toPagerLane(pager: string): LaneName {
  return `pager:${pager}`;
}

/** A message that has to go out, as it is put into the outbox. */
export interface NewOutboxRow {
  /** Unique. Enqueued again while it waits: the rows become one, due at the earlier moment, and `revision` grows. */
  readonly key: string;
  readonly lane: LaneName;
  /** "" for what belongs to none. */
  readonly incident: string;
  readonly outgoing: Outgoing;
  readonly dueAt: number;
}

/** A message in the outbox, leased by whoever holds it. */
export interface OutboxRow extends NewOutboxRow {
  readonly id: number;
  readonly attempts: number;
  readonly revision: number;
  readonly leasedUntil: number;
}

/** What waits to go out. */
export interface OutboxReader {
  countOutbox(): Promise<number>;
  /** The earliest moment at which a waiting row can be leased; null when the outbox is empty. */
  nextOutboxAt(): Promise<number | null>;
}

/** Rows of the outbox: put in, leased, settled or postponed. */
export interface OutboxTx extends OutboxReader {
  /**
   * Answers the rows that are new, in order, leased to this process until `leasedUntil`; a row that joined a waiting
   * one is not among them.
   */
  enqueue(rows: readonly NewOutboxRow[], leasedUntil: number): Promise<readonly OutboxRow[]>;
  /** Rows of that lane that are due and not leased, oldest first, leased now. */
  lease(lane: LaneName, now: number, leasedUntil: number, limit: number): Promise<readonly OutboxRow[]>;
  /** Lanes that have rows. */
  lanes(): Promise<readonly LaneName[]>;
  /**
   * It is out: the row goes, and true comes back, unless it was wanted again meanwhile; then it is due at `againAt`.
   */
  settle(row: OutboxRow, againAt: number): Promise<boolean>;
  /**
   * Not out yet: due again at `dueAt`. With a reason it failed and an attempt counts; without, there is only more to
   * do.
   */
  postpone(row: OutboxRow, dueAt: number, reason: DeliveryReason | null): Promise<void>;
  /** Makes everything that waits in that lane due now. */
  bringForward(lane: LaneName, now: number): Promise<void>;
}
