import type { Person } from "../person.ts";
import type { PoliceVerb } from "./colleagues/police.ts";
import type {
  Closer,
  DeliveryFailure,
  DeliveryReason,
  Feedback,
  Outcome,
  PageReason,
  Verification,
  Via,
} from "./incident.ts";

/** Why a round began. `returned`: the incident goes on from a copy of the database. */
export type RoundReason = "press" | "repeat" | "help" | "check" | "returned";

/** What happened to an incident; `words/` has a sentence for every kind. */
export type HistoryEvent =
  | {
      readonly kind: "opened";
      readonly source: string;
      readonly button: string;
      readonly via: Via;
      readonly lateMs: number | null;
    }
  | {
      readonly kind: "pressed-again";
      readonly source: string;
      readonly button: string;
      readonly via: Via;
      readonly presses: number;
      /** The place of this press, when the card shows another one. */
      readonly elsewhere: string | null;
    }
  /**
   * Whoever typed the alarm said where it is. `locations`: keys of the one, or of which it is one; left out: the same.
   */
  | {
      readonly kind: "place-corrected";
      readonly place: string | null;
      readonly locations?: readonly string[];
      readonly by: Person;
    }
  | { readonly kind: "round-started"; readonly round: number; readonly reason: RoundReason }
  | { readonly kind: "rung"; readonly people: readonly Person[]; readonly round: number }
  | { readonly kind: "told"; readonly channel: string }
  | { readonly kind: "called"; readonly people: readonly Person[]; readonly pager: string }
  /** A message or call that did not get through to that colleague. */
  | {
      readonly kind: "not-delivered";
      readonly person: Person;
      readonly route: "message" | "call";
      readonly reason: DeliveryFailure;
    }
  /** A mention in the channel that Teams did not take. */
  | {
      readonly kind: "not-mentioned";
      readonly people: readonly Person[];
      /** The name of the channel's tag; left out: it was mentioned, or there is none. */
      readonly tag?: string;
      readonly reason: DeliveryReason;
    }
  | { readonly kind: "nobody-on-duty" | "nobody-free" }
  /** Who was not rung, because another alarm occupies them. */
  | { readonly kind: "occupied"; readonly people: readonly Person[] }
  /** Who was not messaged or called after all, because another alarm occupied them when it came to that. */
  | { readonly kind: "withheld"; readonly person: Person; readonly route: "message" | "call" }
  | { readonly kind: "claimed" | "also-coming" | "declined" | "arrived" | "checked-in" | "help"; readonly by: Person }
  /**
   * Who was coming or there is in another alarm since, and counts here no more. `inDanger`: they pressed there, or
   * asked for help; `isLeaving`: they promised to come there; both left out: they arrived there, or it is not known.
   */
  | { readonly kind: "now-elsewhere"; readonly by: Person; readonly inDanger?: true; readonly isLeaving?: true }
  /** Somebody told that 112 was called, or that the police are there. */
  | { readonly kind: PoliceVerb; readonly by: Person }
  | { readonly kind: "all-declined" }
  | { readonly kind: "lapsed"; readonly people: readonly Person[] }
  /** Who was coming or there, and belongs to other locations than where it turned out to be. */
  | { readonly kind: "let-go"; readonly people: readonly Person[] }
  | { readonly kind: "check-asked"; readonly people: readonly Person[] }
  | { readonly kind: "check-missed" }
  | { readonly kind: "verified"; readonly verification: Verification; readonly by: Person | null }
  | { readonly kind: "cancelled" }
  /** A position was received. The history holds no coordinates (rule 20). */
  | { readonly kind: "located" }
  | {
      readonly kind: "feedback-sent" | "feedback-failed";
      readonly button: string;
      readonly what: Feedback;
    }
  | { readonly kind: "card-posted" }
  /** Part of the incident could not be read any more, so that it began anew from what was left. */
  | { readonly kind: "restored" }
  /** It goes on from a copy of the database; what happened since that was made is not known. */
  | { readonly kind: "returned" }
  /** The policy of now took over, because these pagers and channels of the one before have left the configuration. */
  | { readonly kind: "policy-replaced"; readonly gone: readonly string[] }
  /** The card was not in Teams in time: it could not be posted, or others had the turns that there were. */
  | { readonly kind: "teams-unreachable" | "teams-busy" }
  | { readonly kind: "page-held"; readonly pager: string }
  | {
      readonly kind: "page-queued";
      readonly pager: string;
      readonly key: string;
      readonly reason: PageReason;
      /** How many colleagues were on the way or there; lines that older versions wrote leave it out. */
      readonly responding?: number;
    }
  | { readonly kind: "page-accepted"; readonly pager: string; readonly key: string }
  | { readonly kind: "page-failed"; readonly pager: string; readonly key: string; readonly reason: DeliveryFailure }
  | {
      readonly kind: "guard-accepted" | "guard-declined" | "guard-arrived" | "guard-lapsed" | "guard-help";
      readonly pager: string;
      /** Which of that pager's guards; lines of before guards were told apart have none. */
      readonly who?: string;
    }
  /** External security calls back somebody else from then on, or nobody: whom, stands nowhere. */
  | { readonly kind: "call-back-changed" }
  | { readonly kind: "called-off"; readonly by: Person }
  | { readonly kind: "call-off-taken"; readonly pager: string }
  | { readonly kind: "call-off-failed"; readonly pager: string; readonly reason: DeliveryFailure | "impossible" }
  | { readonly kind: "closed"; readonly outcome: Outcome; readonly by: Closer };

export type EventKind = HistoryEvent["kind"];

/** One line of the append-only record; `at` is epoch milliseconds UTC. */
export type HistoryLine = HistoryEvent & { readonly at: number };

/** A line as stored; `seq` counts up within the incident, from 1, without gaps. */
export type RecordedLine = HistoryLine & { readonly seq: number };
