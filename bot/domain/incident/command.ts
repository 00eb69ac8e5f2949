import type { Position } from "../alarm.ts";
import type { Holder, Person } from "../person.ts";
import type { HistoryLine } from "./history.ts";
import type { DeliveryFailure, DeliveryReason, Feedback, Incident, Outcome, PageReason, Via } from "./incident.ts";

/** A press as the configuration knows it: the alarm, joined with its button, source and policy. */
export interface Press {
  /** The id a new incident gets, should this press open one. */
  readonly incident: string;
  readonly source: string;
  /** "" when not even that could be read. */
  readonly button: string;
  readonly via: Via;
  /** The device says that its alarm goes on: it rings nobody who knows already. */
  readonly isOngoing: boolean;
  /** Its device can be told what became of the press. */
  readonly hasDownlink: boolean;
  readonly holder: Holder | null;
  readonly channel: string;
  readonly place: string | null;
  /** Whoever presses says now where they are: that goes before what was known. */
  readonly updatesPlace: boolean;
  readonly fixedPlace: string | null;
  readonly directions: string | null;
  readonly position: Position | null;
  readonly policy: string;
  readonly unreadable: boolean;
  readonly lateMs: number | null;
}

export type ClickVerb = "claim" | "decline" | "arrive" | "witness" | "help" | "check-in" | "call-off" | "resolve";

/**
 * What somebody or something asks of an incident. Every command carries who is on duty now; null: no roster is
 * configured.
 */
export type Command = { readonly onDuty: readonly Person[] | null } & (
  | { readonly kind: "press"; readonly press: Press }
  | { readonly kind: "cancel" }
  /** The presser takes it back in Teams (rule 19). */
  | { readonly kind: "oops"; readonly by: Person }
  | { readonly kind: "position"; readonly position: Position }
  | { readonly kind: "feedback-sent" | "feedback-failed"; readonly button: string; readonly what: Feedback }
  | { readonly kind: Exclude<ClickVerb, "resolve">; readonly by: Person }
  | { readonly kind: "resolve"; readonly by: Person; readonly isLead: boolean; readonly outcome: Outcome }
  | { readonly kind: "guard"; readonly pageKey: string; readonly answer: "accept" | "decline" | "arrived" }
  | { readonly kind: "guard"; readonly pageKey: string; readonly answer: "safe"; readonly outcome: Outcome }
  | { readonly kind: "deadline" }
  | { readonly kind: "card-posted" }
  | { readonly kind: "card-failed"; readonly reason: DeliveryReason }
  | { readonly kind: "page-starting"; readonly key: string }
  | { readonly kind: "page-accepted"; readonly key: string }
  | { readonly kind: "page-failed"; readonly key: string; readonly reason: DeliveryFailure }
  /** Of a message or call to a colleague. */
  | { readonly kind: "delivery-starting" | "delivery-accepted"; readonly key: string }
  | { readonly kind: "delivery-failed"; readonly key: string; readonly reason: DeliveryFailure }
  /** `page`: key of the page that was called off. */
  | { readonly kind: "call-off-taken"; readonly page: string }
  | { readonly kind: "call-off-failed"; readonly page: string; readonly reason: DeliveryFailure | "impossible" }
);

/** What must happen outside because of a decision; goes through the outbox. */
export type Effect =
  /** The card and its thread no longer show what is so. */
  | { readonly kind: "card" }
  /**
   * Message these people 1:1; the mention in the thread comes from the history. `number` makes it unique within the
   * incident.
   */
  | { readonly kind: "notify"; readonly people: readonly Person[]; readonly number: number }
  /** A notice in a channel other than the incident's own. */
  | { readonly kind: "notice"; readonly channel: string; readonly round: number; readonly step: number }
  | { readonly kind: "page"; readonly pager: string; readonly key: string; readonly reason: PageReason }
  /** Tell a pager that was paged before what is new: verification, or a late claim. */
  | { readonly kind: "update"; readonly pager: string; readonly key: string }
  | { readonly kind: "call-off"; readonly pager: string; readonly key: string }
  /** Ring a colleague's phone. */
  | { readonly kind: "call"; readonly pager: string; readonly person: Person; readonly key: string }
  /** Tell a presser through their device, best effort. */
  | { readonly kind: "feedback"; readonly source: string; readonly button: string; readonly what: Feedback };

/** Why a decision came out as it did; goes into log and answer alike. */
export type DecisionReason =
  | "opened"
  | "repeated"
  | "verified"
  | "cancelled"
  | "still-pressed"
  | "located"
  | "feedback-noted"
  | "claimed"
  | "also-coming"
  | "declined"
  | "arrived"
  | "witnessed"
  | "help-asked"
  | "checked-in"
  | "resolved"
  | "guard-accepted"
  | "guard-declined"
  | "guard-arrived"
  | "advanced"
  | "card-posted"
  | "card-failed"
  | "page-started"
  | "page-withheld"
  | "page-accepted"
  | "page-failed"
  | "delivery-started"
  | "delivery-withheld"
  | "delivery-accepted"
  | "delivery-failed"
  | "called-off"
  | "call-off-taken"
  | "call-off-failed"
  | "already-closed"
  | "already-so"
  | "not-allowed"
  | "too-late"
  | "not-there"
  | "presser"
  | "unknown-page"
  | "unknown-delivery"
  | "not-due";

export interface Decision {
  readonly incident: Incident;
  readonly history: readonly HistoryLine[];
  readonly effects: readonly Effect[];
  readonly reason: DecisionReason;
}
