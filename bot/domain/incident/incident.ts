import type { Position } from "../alarm.ts";
import type { Holder, Person } from "../person.ts";

/** How sure we are that it is real, weakest first (rules 4 and 17). */
export const verifications = ["none", "second-button", "second-person", "witnessed"] as const;
export type Verification = (typeof verifications)[number];

export const outcomes = ["real", "false", "test"] as const;
export type Outcome = (typeof outcomes)[number];

/** Why external security is paged; the contract of the page's `reason`, less `update` and `call-off`. */
export type PageReason =
  | "unclaimed"
  | "lapsed"
  | "declined"
  | "help"
  | "check"
  | "teams-unreachable"
  | "nobody-on-duty"
  | "repeat";

/** Why a page or a post failed; the reasons of `DeliveryError`. */
export type DeliveryReason = "refused" | "throttled" | "unreachable" | "misconfigured";

/** The same, and what a provider tells afterwards: nobody picked up or pressed a key, or it never came to a device. */
export type DeliveryFailure = DeliveryReason | "no-answer" | "undelivered";

/** Whether a provider tells this of what it had accepted; everything else is known when it is sent. */
export function isReportedLater(failure: string | null | undefined): boolean {
  return failure === "no-answer" || failure === "undelivered";
}

/** What a device with a down-link tells its holder. */
export type Feedback = "received" | "coming";

/**
 * The newest 1:1 message or phone call to a colleague, and what became of it (delivery). `started`: the first byte may
 * have left. `accepted`: the provider has it. `answered`: the human did, by whatever route; nothing else counts as
 * reached.
 */
export interface Delivery {
  readonly person: Person;
  readonly route: "message" | "call";
  /** Of this very message or call: news of an older one changes nothing. */
  readonly key: string;
  readonly state: "queued" | "started" | "accepted" | "answered" | "failed";
  readonly failure: DeliveryFailure | null;
  readonly at: number;
}

/**
 * A colleague who answered. `none`: answered in an earlier round only, counts for nothing now (rule 3).
 * `silentAt`: was there, and did not answer the check (rule 11).
 */
export interface Responder {
  readonly person: Person;
  readonly state: "none" | "coming" | "there" | "declined";
  readonly since: number;
  /** First arrival in any round; who has been there may witness and resolve. */
  readonly arrivedAt: number | null;
  /** Last sign of life from the spot: arrival or answer to the check. */
  readonly signAt: number | null;
  readonly silentAt: number | null;
}

/**
 * `waiting`: its moment has not come. `held`: its moment came while enough people were coming (rule 12).
 * `queued`: in the outbox. `started`: the first byte may have left. `accepted`: the provider has it, no human yet.
 * `failed`: could not be delivered, or the guard said no. `answered`: a guard accepted it. `told`: a `tell` step that
 * is done.
 */
export type StepState = "waiting" | "held" | "queued" | "started" | "accepted" | "failed" | "answered" | "told";

/** Where one step of the policy stands in this round; same order as the policy's steps. */
export interface StepProgress {
  readonly state: StepState;
  readonly dueAt: number;
  /** Why it is due, or went out; null while it waits for its own moment. */
  readonly reason: PageReason | null;
  readonly sentAt: number | null;
}

/** The security guard who accepted a page (rule 15). */
export interface Guard {
  readonly pageKey: string;
  readonly pager: string;
  readonly acceptedAt: number;
  readonly arrivedAt: number | null;
  readonly signAt: number | null;
  readonly silentAt: number | null;
  /** Promised, did not arrive in time. */
  readonly lapsedAt: number | null;
}

/** One run through the policy's steps, begun by a press, or by a repeat or a call for help when no step was left. */
export interface Round {
  /** 1 for the opening press; part of every page's key. */
  readonly number: number;
  readonly startedAt: number;
  readonly firstClaimAt: number | null;
  readonly lapsedAt: number | null;
  readonly allDeclinedAt: number | null;
  /** From the first page on, claims hold nothing back (rule 13); stays through repeats, ends with a new press round. */
  readonly pagedAt: number | null;
  readonly checkAskedAt: number | null;
  /** Somebody there said that external security need not come; null again with the next page. */
  readonly calledOffAt: number | null;
  /** Somebody called for help: from here on only a guard's promise holds pages, who is there does not (rule 11). */
  readonly helpAskedAt: number | null;
  readonly guard: Guard | null;
  readonly steps: readonly StepProgress[];
  /** Who was on duty when the round began, without those who pressed; null when no roster is configured. */
  readonly onDuty: readonly Person[] | null;
}

/** The newest page to one pager: whom to tell of a verification, a late claim or the end. */
export interface PagerProgress {
  readonly key: string;
  readonly reason: PageReason;
  readonly state: Exclude<StepState, "waiting" | "held" | "told">;
  readonly at: number;
  readonly failure: DeliveryFailure | "guard-declined" | null;
  /** That it is no longer needed, once somebody said so; null until then. */
  readonly callOff: CallOff | null;
  /** Pages before this one that left, oldest first: they end with it. */
  readonly earlier: readonly EarlierPage[];
}

export type EarlierPage = Omit<PagerProgress, "callOff" | "earlier">;

/** `taken`: the provider has it. `impossible`: this route can't take such news, so a human has to ring. */
export interface CallOff {
  readonly at: number;
  readonly state: "queued" | "taken" | "failed" | "impossible";
}

/** How a press came: from a device, typed in Teams, or because a visit was not checked out of. */
export type Via = "button" | "chat" | "visit";

/** A button that pressed for this incident; `button` is "" when even that could not be read. */
export interface Presser {
  readonly source: string;
  readonly button: string;
  readonly via: Via;
  readonly hears: boolean;
  readonly holder: Holder | null;
  /** When it pressed last. */
  readonly at: number;
}

/** What people respond to; opened by a press, closed only by a person. Moments are epoch milliseconds UTC. */
export interface Incident {
  readonly id: string;
  /** Short number for people; the store gives it at insertion, 0 until then. */
  readonly number: number;
  /** Grows by one with each commit; guards against two writers. */
  readonly version: number;
  readonly source: string;
  /** "" for unreadable messages: all of a source's are one incident. */
  readonly button: string;
  readonly unreadable: boolean;
  readonly channel: string;
  /** null: "place unknown". */
  readonly place: string | null;
  /** The configured fixed place by which another button may join; null for field and unknown buttons. */
  readonly fixedPlace: string | null;
  readonly directions: string | null;
  readonly position: Position | null;
  /** Name of the stored policy (its content's hash), see rule 6. */
  readonly policy: string;
  readonly openedAt: number;
  /** How long the newest press was under way by the device's clock, when more than a minute; else null. */
  readonly lateMs: number | null;
  readonly presses: number;
  readonly lastPressAt: number;
  readonly pressers: readonly Presser[];
  readonly cancelledAt: number | null;
  readonly verification: Verification;
  readonly responders: readonly Responder[];
  readonly round: Round;
  readonly pagers: Readonly<Record<string, PagerProgress>>;
  /** One for each colleague and route that was tried. */
  readonly deliveries: readonly Delivery[];
  /** When the card stood in Teams; null: not yet. */
  readonly cardPostedAt: number | null;
  /** When we stopped waiting for Teams and paged (rule 16). */
  readonly teamsLostAt: number | null;
  readonly closedAt: number | null;
  readonly closedBy: Person | "guard" | null;
  readonly outcome: Outcome | null;
  /** The next moment at which something must be decided; null only when closed. */
  readonly nextAt: number | null;
}
