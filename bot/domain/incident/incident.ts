import type { Position } from "../alarm.ts";
import type { Holder, Person } from "../person.ts";

/** How certain it is that the alarm is real, weakest first (rules 4 and 17). */
export const verifications = ["none", "second-button", "second-person", "witnessed"] as const;
export type Verification = (typeof verifications)[number];

export const outcomes = ["real", "false", "test"] as const;
export type Outcome = (typeof outcomes)[number];

/** Why external security is paged. A page's `reason` has these values, and `update` and `call-off` besides. */
export type PageReason =
  | "unclaimed"
  | "lapsed"
  | "declined"
  | "help"
  | "check"
  | "teams-unreachable"
  | "teams-busy"
  | "nobody-on-duty"
  | "nobody-free"
  | "repeat";

/** Why a page or a post failed; the reasons of `DeliveryError`. */
export type DeliveryReason = "refused" | "throttled" | "unreachable" | "misconfigured";

/** As `DeliveryReason`, and what a provider reports later: nobody picked up or pressed a key, or no device got it. */
export type DeliveryFailure = DeliveryReason | "no-answer" | "undelivered";

/** Whether a provider reports this failure only after it accepted the message; all others are known when it is sent. */
export function isReportedLater(failure: string | null | undefined): boolean {
  return failure === "no-answer" || failure === "undelivered";
}

/** What a device with a down-link can show its holder. */
export type Feedback = "received" | "coming";

/**
 * The newest 1:1 message or phone call to a colleague, and how far it came. `started`: its sending may have begun.
 * `accepted`: the provider has it. `answered`: the colleague answered, by this or any other route; nothing else counts
 * as reached.
 */
export interface Delivery {
  readonly person: Person;
  readonly route: "message" | "call";
  /** The key of this message or call; what is reported of an older one changes nothing. */
  readonly key: string;
  readonly state: "queued" | "started" | "accepted" | "answered" | "failed";
  readonly failure: DeliveryFailure | null;
  readonly at: number;
}

/** Somebody whom an alarm keeps from being asked for others (rule 7), since they pressed, arrived or asked for help. */
export interface Occupation {
  readonly person: string;
  /** When they did so last, or showed that it goes on. */
  readonly at: number;
  /** When they did so last, where it goes on since; left out: as `at`. */
  readonly since?: number;
  /** It has lasted its time and keeps them from nothing any more, though they may still be inside. */
  readonly isOver?: true;
}

/**
 * A colleague who answered. `none`: what they answered does not count now, by a new round (rule 3), another alarm
 * (rule 7), help (rule 11) or another location (rule 22). `silentAt`: did not answer the check, being there (rule 11).
 */
export interface Responder {
  readonly person: Person;
  readonly state: "none" | "coming" | "there" | "declined";
  readonly since: number;
  /** First arrival in any round, where it is by now; somebody who has been there may witness and resolve. */
  readonly arrivedAt: number | null;
  /** When they last showed that they are safe: by arriving, or by answering the check. */
  readonly signAt: number | null;
  readonly silentAt: number | null;
  /** Whether they said by phone only that they come or not; left out: in Teams. */
  readonly byPhone?: boolean;
  /** When they promised in Teams to come; left out: they did not, or an earlier version wrote it. */
  readonly promisedAt?: number;
  /** Whether they needed help in another alarm when they promised, so that no page waits for them; left out: no. */
  readonly isInNeed?: boolean;
  /** When they said first that it is real; left out: they did not, or an earlier version wrote it. */
  readonly witnessedAt?: number;
  /** When they asked for help; left out: they did not, or had left when a new press came. */
  readonly helpAt?: number;
}

/**
 * `waiting`: its moment has not come. `held`: its moment came while enough people were coming (rule 12). `queued`: in
 * the outbox. `started`: its sending may have begun. `accepted`: the provider has it, no human yet. `failed`: could not
 * be delivered, or the guard declined. `answered`: a guard accepted it. `told`: a step of kind `tell` or `call` that is
 * done.
 */
export type StepState = "waiting" | "held" | "queued" | "started" | "accepted" | "failed" | "answered" | "told";

/** The progress of one step of the policy in this round; in the order of the policy's steps. */
export interface StepProgress {
  readonly state: StepState;
  readonly dueAt: number;
  /** Why it is due or went out; null while it waits for its own moment. */
  readonly reason: PageReason | null;
  readonly sentAt: number | null;
}

/** What one security guard answered last in this round (rule 15), whatever others do who share the pager's link. */
export interface Guard {
  readonly pager: string;
  /** Which of the guards of that pager: the id that a guard's page made, or one of `unnamed`. */
  readonly who: string;
  readonly state: "coming" | "there" | "declined";
  readonly since: number;
  /** As a responder's. */
  readonly signAt: number | null;
  readonly silentAt: number | null;
  /** When the promise lapsed, because the guard did not arrive in time. */
  readonly lapsedAt: number | null;
  /** When this guard asked for help. */
  readonly helpAt: number | null;
}

/**
 * Guards whose answer does not say who they are. `link`: answered by the link or by a button in a message. `another`:
 * the same while somebody of that pager was coming already, so that it may be one guard or two; no page relies on it.
 * `route`: answered by a key on the phone, or at the pager's provider.
 */
export const unnamed = { link: "link", another: "another", route: "route" } as const;

/**
 * One run through the policy's steps. A press begins one; so does a repeat, a call for help or an unanswered check when
 * no step is left.
 */
export interface Round {
  /** 1 for the opening press; part of every page's key. */
  readonly number: number;
  readonly startedAt: number;
  readonly firstClaimAt: number | null;
  readonly lapsedAt: number | null;
  readonly allDeclinedAt: number | null;
  /** When nobody on duty was left to ask, because another alarm occupied whoever had not declined; left out: never. */
  readonly nobodyFreeAt?: number;
  /** From the first page on, claims hold nothing back (rule 13); stays through repeats, ends with a new press round. */
  readonly pagedAt: number | null;
  readonly checkAskedAt: number | null;
  /** When somebody there said that external security need not come; null again with the next page. */
  readonly calledOffAt: number | null;
  /**
   * When somebody asked for help. From then on only a guard's promise holds pages, and people who are there do not
   * (rule 11); of guards who are there only those do who did not ask for it.
   */
  readonly helpAskedAt: number | null;
  /** Who asked for it last. */
  readonly helpAskedBy: "colleague" | "guard" | null;
  /** By pager: when a guard asked for it last who may be any of those with that link; left out: none did. */
  readonly helpOfAnyGuard?: Readonly<Record<string, number>>;
  /** The guards who answered, in the order of their first answers. */
  readonly guards: readonly Guard[];
  readonly steps: readonly StepProgress[];
  /** The people on duty when the round began, without those who pressed; null when no roster is configured. */
  readonly onDuty: readonly Person[] | null;
}

/** The newest page to one pager, which gets updates on verification and late claims, and the call-off. */
export interface PagerProgress {
  readonly key: string;
  readonly reason: PageReason;
  readonly state: Exclude<StepState, "waiting" | "held" | "told">;
  readonly at: number;
  readonly failure: DeliveryFailure | "guard-declined" | null;
  /** The call-off of this page; null until security is called off. */
  readonly callOff: CallOff | null;
  /** Earlier pages that were sent, oldest first; a call-off ends them too. */
  readonly earlier: readonly EarlierPage[];
  /** The keys by which its provider may know it, the newest last; left out: it never went out from memory. */
  readonly sentAs?: readonly string[];
}

export type EarlierPage = Omit<PagerProgress, "callOff" | "earlier">;

/** `taken`: the provider has it. `impossible`: this route can't carry a call-off, so a human has to phone. */
export interface CallOff {
  readonly at: number;
  readonly state: "queued" | "taken" | "failed" | "impossible";
}

/** A policy that named what has left the configuration, and under which the incident went on until then (rule 6). */
export interface FormerPolicy {
  readonly lastRound: number;
  /** The pager of each of its steps; null for one that pages nobody. */
  readonly pagers: readonly (string | null)[];
  /** The pagers and channels that have left. */
  readonly gone: readonly string[];
}

/** How a press came: from a device, typed in Teams, or from a visit that nobody ended. */
export type Via = "button" | "chat" | "visit";

/** A button that pressed for this incident; `button` is "" when even that could not be read. */
export interface Presser {
  readonly source: string;
  readonly button: string;
  readonly via: Via;
  readonly hears: boolean;
  readonly holder: Holder | null;
  /** When this button last pressed. */
  readonly at: number;
  /** Whether it pressed where the incident was before it moved; left out: where that is. */
  readonly isElsewhere?: boolean;
  /** Whether its newest press said its place, or where on the map it was; left out: an earlier version wrote it. */
  readonly isWhereKnown?: boolean;
  /** The key of the location that was named with that press; left out: none was, or several were. */
  readonly namedLocation?: string;
}

/** `operator`: whoever put a copy of the database back. */
export type Closer = Person | "guard" | "operator";

/** An alarm that people respond to; a press opens it, only a person closes it. Moments are epoch milliseconds UTC. */
export interface Incident {
  readonly id: string;
  /** A short number for people; 0 until the store assigns it at insertion. */
  readonly number: number;
  /** Grows by one with each commit; guards against two writers. */
  readonly version: number;
  readonly source: string;
  /** "" for unreadable messages, because all of one source are one incident. */
  readonly button: string;
  readonly unreadable: boolean;
  /** The key of its location in the configuration; left out: unknown. */
  readonly location?: string;
  /** The keys of the locations of which it is at one; left out: it is known at which, or not even that is. */
  readonly mayBeAt?: readonly string[];
  /** Who typed the alarm said so, which no usual location outweighs; left out: nobody did. */
  readonly isLocationNamed?: true;
  /** When whoever typed it said last at which location it is; left out: never, or an earlier version wrote it. */
  readonly locationNamedAt?: number;
  /** Whoever pressed is on a visit, or has a button that is carried, so that is only where they usually are. */
  readonly mayBeElsewhere?: true;
  readonly channel: string;
  /** null: the card says "place unknown". */
  readonly place: string | null;
  /** As of `Press`. */
  readonly isPlaceUsual?: true;
  /** The configured fixed place, within its location, by which another button may join; null: it has none. */
  readonly fixedPlace: string | null;
  readonly directions: string | null;
  readonly position: Position | null;
  /** The name of the stored policy, which is the hash of its content (rule 6). */
  readonly policy: string;
  /** The policies before this one, the oldest first; left out: there was none. */
  readonly formerPolicies?: readonly FormerPolicy[];
  readonly openedAt: number;
  /** How long the newest press was under way by the device's clock, in ms, when more than a minute; else null. */
  readonly lateMs: number | null;
  /** Whether each press so far may be an earlier one that the device repeats, whose alarm was closed. */
  readonly mayBeRepeat: boolean;
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
  /** Whom the newest mention in the channel did not reach, since Teams refused it; left out: nobody. */
  readonly unmentioned?: readonly Person[];
  /** The number of the newest ring of the channel's tag; left out: there was none. */
  readonly tagRing?: number;
  /** Whether that did not reach it; left out: it did, or there was none. */
  readonly isTagUnmentioned?: boolean;
  /** Who was not rung with the others because another alarm occupied them; left out: nobody. */
  readonly occupied?: readonly Person[];
  /** Who was left out of the newest ring so and is free since, while nobody else was needed; left out: nobody. */
  readonly freed?: readonly Person[];
  /** Whom it keeps from being asked for others while they are in it; left out: nobody, as in what is older. */
  readonly occupies?: readonly Occupation[];
  /** Who has a message 1:1 of any round, and so a card of it in their chat; left out: nobody. */
  readonly messaged?: readonly Person[];
  /** When somebody told that 112 was called; left out: nobody did. */
  readonly called112At?: number;
  /** When somebody told that the police are there; left out: nobody did. */
  readonly policeThereAt?: number;
  /** When the card was posted in Teams; null: not yet. */
  readonly cardPostedAt: number | null;
  /** When all but its columns could not be read any more, and it began anew from those; left out: never. */
  readonly restoredAt?: number;
  /** When it went on from a copy of the database, and when that was made; left out: never. */
  readonly returned?: { readonly at: number; readonly copiedAt: number };
  /** When the bot stopped waiting for Teams and paged (rule 16). */
  readonly teamsLostAt: number | null;
  readonly closedAt: number | null;
  readonly closedBy: Closer | null;
  readonly outcome: Outcome | null;
  /** The next moment at which something must be decided; null only when closed. */
  readonly nextAt: number | null;
}
