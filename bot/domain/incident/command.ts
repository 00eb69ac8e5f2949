import type { Position } from "../alarm.ts";
import type { Whereabouts } from "../location.ts";
import type { Holder, Person } from "../person.ts";
import type { PoliceVerb } from "./colleagues/police.ts";
import type { HistoryLine } from "./history.ts";
import type { DeliveryFailure, DeliveryReason, Feedback, Incident, Outcome, PageReason, Via } from "./incident.ts";
import type { Policy } from "./policy.ts";

/** An alarm that is a press, joined with its button, place, location, channel and policy from the configuration. */
export interface Press {
  /** The id of the incident that this press opens, if it opens one. */
  readonly incident: string;
  readonly source: string;
  /** "" when even the button's id could not be read. */
  readonly button: string;
  readonly via: Via;
  /** The device says that its alarm goes on, so people who were rung for it are not rung again. */
  readonly isOngoing: boolean;
  /** Whether it may be an earlier press that the device repeats. */
  readonly mayBeRepeat: boolean;
  /** The device has a down-link, by which its holder can be notified. */
  readonly hasDownlink: boolean;
  readonly holder: Holder | null;
  /** The key of its location; null: unknown. */
  readonly location: string | null;
  /** The keys of the locations of which it is at one; left out: it is known at which, or not even that is. */
  readonly mayBeAt?: readonly string[];
  /** Who typed it named them with this very press; left out: that is where its button is, or they usually are. */
  readonly isLocationNamed?: true;
  /** Whoever pressed is on a visit, or has a button that is carried, so that is only where they usually are. */
  readonly mayBeElsewhere?: true;
  readonly channel: string;
  readonly place: string | null;
  /** The place is only where its presser usually is: the name of a button that is carried, or of where they keep to. */
  readonly isPlaceUsual?: true;
  /** `place` replaces the one that was known: the presser typed it, or their button is called by it now. */
  readonly updatesPlace: boolean;
  readonly fixedPlace: string | null;
  readonly directions: string | null;
  readonly position: Position | null;
  readonly policy: string;
  readonly unreadable: boolean;
  readonly lateMs: number | null;
}

export type ClickVerb =
  | ("claim" | "decline" | "arrive" | "witness" | "help" | "check-in" | "call-off" | "resolve")
  /** Tell that somebody called 112, or that the police are there. */
  | PoliceVerb;

/** Which of the guards of one pager answers. */
export interface GuardId {
  /** As `Guard.who`. */
  readonly who: string;
  /**
   * Whether this guard answers for nobody but themselves for certain: because they said so, or because a key on the
   * phone answers for the number that was called. Not so on a page that was opened before anybody answered.
   */
  readonly isCertain: boolean;
}

/** Since when somebody is in another open alarm, in epoch milliseconds. */
export interface Elsewhere {
  /** When they last pressed where it is known where that is, arrived or asked for help; null: they did not. */
  readonly since: number | null;
  /** When they said last that they are there, where they are; null: they are not. */
  readonly thereSince: number | null;
  /** When they last pressed where nobody knows where that is; null or left out: they did not. */
  readonly lostSince?: number | null;
  /** The key of the location that they named with that press; left out: not even that is known. */
  readonly lostAt?: string;
  /** When they promised in Teams to come there; left out: they did not, or are there. */
  readonly comingSince?: number;
  /** When they asked for help there; left out: they did not, or have left. */
  readonly helpSince?: number;
}

/** What `decide` has to know of the world beside the incident, at that moment. */
export interface Circumstances {
  readonly onDuty: readonly Person[] | null;
  readonly occupied?: ReadonlySet<string>;
  readonly elsewhere?: ReadonlyMap<string, Elsewhere>;
  readonly ofOthers?: ReadonlySet<string>;
  readonly isTeamsBusy?: boolean;
  readonly decidedAt?: number;
}

/**
 * What somebody or something asks of an incident. Every command carries who is on duty now; null: no roster is
 * configured. `occupied`: ids of those whom another open alarm keeps from being asked for this one (rule 7), at least
 * of all who might be asked; left out: nobody. `elsewhere`: since when another open alarm has them, by the ids of those
 * who answered in this one; left out: none does. `ofOthers`: ids of those who count in this one and belong to other
 * locations than where it is once that is decided on (rule 22); left out: nobody. `isTeamsBusy`: Teams takes no more
 * messages now in the incident's channel; left out: as far as is known it does. `decidedAt`: when it is decided on, in
 * epoch milliseconds, because it may have waited; left out: as of when it counts.
 */
export type Command = Circumstances &
  (
    | { readonly kind: "press"; readonly press: Press }
    | { readonly kind: "cancel" }
    /** The presser takes the press back in Teams (rule 19). */
    | { readonly kind: "oops"; readonly by: Person }
    /**
     * The presser says in Teams where their alarm is: they changed its text, or were asked. `place` null, `where` left
     * out: they did not say that. `saidAt`: when they said so, because what can't be written waits; left out: now.
     */
    | {
        readonly kind: "correct-place";
        readonly by: Person;
        readonly place: string | null;
        readonly where?: Pick<Whereabouts, "location" | "mayBeAt">;
        readonly saidAt?: number;
      }
    | { readonly kind: "position"; readonly position: Position }
    | { readonly kind: "feedback-sent" | "feedback-failed"; readonly button: string; readonly what: Feedback }
    /** `saidAt`: when they said so, because what can't be written waits; left out: now. */
    | {
        readonly kind: Exclude<ClickVerb, "resolve" | "claim" | "decline">;
        readonly by: Person;
        readonly saidAt?: number;
      }
    /** `byPhone`: by a key on the phone that was called; left out: in Teams. */
    | {
        readonly kind: "claim" | "decline";
        readonly by: Person;
        readonly byPhone?: boolean;
        readonly saidAt?: number;
      }
    | { readonly kind: "resolve"; readonly by: Person; readonly isLead: boolean; readonly outcome: Outcome }
    /** `guard`: which of those who have that page; left out: they did not say. */
    | {
        readonly kind: "guard";
        readonly pageKey: string;
        readonly guard?: GuardId;
        readonly answer: "accept" | "decline" | "arrived" | "help";
      }
    | {
        readonly kind: "guard";
        readonly pageKey: string;
        readonly guard?: GuardId;
        readonly answer: "safe";
        readonly outcome: Outcome;
      }
    | { readonly kind: "deadline" }
    /** Part of the incident could not be read: it is what `toRestored` made of the rest. */
    | { readonly kind: "restore" }
    /** It comes from a copy of the database, made at that moment. `ended`: it is over since; null: nobody said so. */
    | { readonly kind: "return"; readonly copiedAt: number; readonly ended: Outcome | null }
    /** The policy of now, which has that hash, takes over from `former`, because `gone` has left the configuration. */
    | {
        readonly kind: "replace-policy";
        readonly policy: string;
        readonly former: Policy;
        readonly gone: readonly string[];
      }
    /**
     * `ring`: number of the newest ring that came with the card; 0: none did. `rung`: ids of whom it mentions.
     * `shown`: the version of the incident that it shows, with nothing left to tell of that; null or left
     * out: there may be more.
     */
    | {
        readonly kind: "card-posted";
        readonly ring: number;
        readonly rung: readonly string[];
        readonly shown?: number | null;
      }
    | { readonly kind: "card-failed"; readonly reason: DeliveryReason }
    /** These people, and the tag, could not be mentioned in the channel for the ring of that number. */
    | {
        readonly kind: "ring-failed";
        readonly people: readonly Person[];
        /** Its name; null: it was mentioned, or there is none. */
        readonly tag: string | null;
        readonly number: number;
        readonly reason: DeliveryReason;
      }
    | { readonly kind: "page-starting"; readonly key: string }
    /** `sentAs`: the key by which its provider knows it, where it went out from memory. */
    | { readonly kind: "page-accepted"; readonly key: string; readonly sentAs?: string }
    | {
        readonly kind: "page-failed";
        readonly key: string;
        readonly reason: DeliveryFailure;
        readonly sentAs?: string;
      }
    /** A page went out from memory for a press of this incident, when that was not recorded. `sentAs`: its key. */
    | { readonly kind: "page-before"; readonly pager: string; readonly sentAs: string }
    /** About a message or call to a colleague. `delivery-withheld`: it was not sent, because they are occupied. */
    | { readonly kind: "delivery-starting" | "delivery-withheld" | "delivery-accepted"; readonly key: string }
    | { readonly kind: "delivery-failed"; readonly key: string; readonly reason: DeliveryFailure }
    /** External security calls back somebody else from now on, or nobody. `pagers`: by which a number was given. */
    | { readonly kind: "call-back-changed"; readonly pagers: readonly string[] }
    /** `page`: key of the page that was called off. */
    | { readonly kind: "call-off-taken"; readonly page: string }
    | { readonly kind: "call-off-failed"; readonly page: string; readonly reason: DeliveryFailure | "impossible" }
  );

/** What may have to be decided on an incident before anything else, and begins a round. */
export type FirstCommand =
  | Omit<Extract<Command, { kind: "restore" }>, keyof Circumstances>
  | Omit<Extract<Command, { kind: "return" }>, keyof Circumstances>
  | Omit<Extract<Command, { kind: "replace-policy" }>, keyof Circumstances>;

/** What must be sent because of a decision; it goes through the outbox. */
export type Effect =
  /** Bring the card, its thread and what stands in chats up to date; `card-link`: only what stands in chats. */
  | { readonly kind: "card" | "card-link" }
  /** Message these people 1:1; nobody where only a tag is rung. `number` makes it unique within the incident. */
  | {
      readonly kind: "notify";
      readonly people: readonly Person[];
      readonly number: number;
      readonly ringsTag: boolean;
    }
  /** Message these people 1:1 that it is over, because they are still on their way. */
  | { readonly kind: "all-clear"; readonly people: readonly Person[] }
  /** Message these people 1:1 that it is at another location, so that they need not come. */
  | { readonly kind: "let-go"; readonly people: readonly Person[] }
  /**
   * Mention these people in the channel, where the card is posted already; a card that comes mentions them itself.
   * `beginsRound`: a new round begins with it, and so a new card, also where nobody is mentioned. `ringsTag`: the
   * channel has a tag, which is mentioned with them.
   */
  | {
      readonly kind: "ring";
      readonly people: readonly Person[];
      readonly number: number;
      readonly beginsRound: boolean;
      readonly ringsTag: boolean;
    }
  /** A notice in a channel other than the incident's own. */
  | { readonly kind: "notice"; readonly channel: string; readonly round: number; readonly step: number }
  | { readonly kind: "page"; readonly pager: string; readonly key: string; readonly reason: PageReason }
  /** Send a pager that was paged before what has changed: the verification, the place, or how many colleagues come. */
  | { readonly kind: "update"; readonly pager: string; readonly key: string }
  | { readonly kind: "call-off"; readonly pager: string; readonly key: string }
  /** Ring a colleague's phone. */
  | { readonly kind: "call"; readonly pager: string; readonly person: Person; readonly key: string }
  /** Notify a presser through their device; nothing depends on its arrival. */
  | { readonly kind: "feedback"; readonly source: string; readonly button: string; readonly what: Feedback };

/** Why a decision came out as it did; used in the log and in answers. */
export type DecisionReason =
  | "opened"
  | "restored"
  | "returned"
  | "policy-replaced"
  | "repeated"
  | "verified"
  | "cancelled"
  | "still-pressed"
  | "place-corrected"
  | "located"
  | "feedback-noted"
  | "claimed"
  | "also-coming"
  | "declined"
  | "arrived"
  | "witnessed"
  | "help-asked"
  | "checked-in"
  | "noted"
  | "resolved"
  | "guard-accepted"
  | "guard-declined"
  | "guard-arrived"
  | "advanced"
  | "card-posted"
  | "card-failed"
  | "ring-failed"
  | "page-started"
  | "page-withheld"
  | "page-accepted"
  | "page-failed"
  | "delivery-started"
  | "delivery-withheld"
  | "delivery-accepted"
  | "delivery-failed"
  | "called-off"
  | "call-back-changed"
  | "call-off-taken"
  | "call-off-failed"
  | "already-closed"
  | "already-so"
  | "not-allowed"
  | "too-late"
  /** Somebody else promised or arrived by the same way, and that stands. */
  | "stands"
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
