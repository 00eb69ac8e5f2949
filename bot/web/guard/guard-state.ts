import type { Guard, Incident } from "../../domain/incident/incident.ts";
import { isGuardComing, isGuardThere } from "../../domain/incident/presence.ts";
import { guardOf, isExpected } from "../../domain/incident/security/guard-answers.ts";
import type { GuardAnswer, GuardCase } from "../../ports/guard.ts";
import type { GuardState } from "../../words/guard/guard-state.ts";
import { guardsOfBefore } from "./guard-past.ts";

export type { GuardState } from "../../words/guard/guard-state.ts";

/**
 * The state of an incident for a guard who was reached through that pager. `me`: which of those guards, as `Guard.who`;
 * null for whoever opened the link as it was sent, and may be any of them.
 */
export function toGuardState(view: GuardCase, me: string | null): GuardState {
  const { incident, pager } = view;
  if (incident.closedAt !== null) return "closed";
  const own = me === null ? null : guardOf(incident, pager, me);
  // A call-off changes nothing for a guard who is there, because it only says that nobody need come.
  if (own?.state === "there") return toStateThere(own, incident);
  const earlier = guardsOfBefore(view).find(({ who }) => who === me);
  // Who may be in danger there keeps the button for help, and reads that a call for it was taken.
  if (earlier !== undefined) return earlier.said === "help" ? "help-not-there" : "was-there";
  const progress = incident.pagers[pager];
  if ((progress?.callOff ?? null) !== null) return "called-off";
  if (own?.state === "coming") return own.lapsedAt === null ? "coming" : "lapsed";
  const isOther = isGuardThere(incident) || isGuardComing(incident);
  if (own?.state === "declined") return isOther ? "declined-other" : "declined";
  if (me === null) {
    const [first] = guardsOfRound(incident, pager);
    if (first !== undefined) return toStateOfLink(first);
    if (guardsOfBefore(view).length > 0) return "link-before";
    if (progress?.failure === "guard-declined") return "link-declined";
  }
  // Another guard who did not keep the promise, or fell silent, is no reason to stay away.
  if (isGuardThere(incident)) return "other-there";
  return isOther ? "other-guard" : "asked";
}

function toStateThere({ silentAt, helpAt }: Guard, { round }: Incident): GuardState {
  if (silentAt !== null || round.checkAskedAt !== null) return "check";
  return helpAt === null ? "there" : "help";
}

function toStateOfLink(guard: Guard): GuardState {
  if (guard.state === "there") return "link-there";
  return isExpected(guard) ? "link-coming" : "link-lapsed";
}

/**
 * Those who answered through that pager and whom somebody with its link may be, with when each of them did: who is
 * there or expected first, and who was there before the newest press last.
 */
export function guardsOfLink(view: GuardCase): readonly Pick<Guard, "who" | "since">[] {
  const guards = guardsOfRound(view.incident, view.pager);
  return [...guards, ...guardsOfBefore(view).filter((each) => !guards.some(({ who }) => who === each.who))];
}

function guardsOfRound({ round }: Incident, pager: string): readonly Guard[] {
  const guards = round.guards.filter((guard) => guard.pager === pager && guard.state !== "declined");
  const isThere = ({ state }: Guard) => state === "there";
  return [
    ...guards.filter(isThere),
    ...guards.filter((guard) => !isThere(guard) && isExpected(guard)),
    ...guards.filter((guard) => !isExpected(guard)),
  ];
}

/**
 * What a guard may do on the page. `safe` leads to the question how it ended; `me` and `another` say who is looking;
 * `notAfterAll` declines for the one guard whom somebody with the link may be.
 */
export type Offer =
  | { readonly kind: "answer"; readonly answer: Exclude<GuardAnswer, "safe">; readonly words: AnswerWords }
  | { readonly kind: "safe" | "me" | "notAfterAll" | "another" };
type AnswerWords = "accept" | "decline" | "cannot" | "arrived" | "stillThere" | "stillHere" | "help";

const accept = { kind: "answer", answer: "accept", words: "accept" } as const;
const decline = { kind: "answer", answer: "decline", words: "decline" } as const;
const cannot = { kind: "answer", answer: "decline", words: "cannot" } as const;
const arrived = { kind: "answer", answer: "arrived", words: "arrived" } as const;
const stillThere = { kind: "answer", answer: "arrived", words: "stillThere" } as const;
const stillHere = { kind: "answer", answer: "arrived", words: "stillHere" } as const;
const help = { kind: "answer", answer: "help", words: "help" } as const;
const safe = { kind: "safe" } as const;
const me = { kind: "me" } as const;
const notAfterAll = { kind: "notAfterAll" } as const;
const another = { kind: "another" } as const;

/**
 * The buttons of each state, the expected one first. An answer that is not offered may still come in, from a page that
 * was open before, and the incident's rules say what it does. *Still here* is offered before it is asked, because a
 * page that does not renew itself does not notice that the question came up.
 */
export const offers = {
  asked: [accept, decline],
  declined: [accept],
  "declined-other": [accept],
  "link-coming": [me, notAfterAll, another],
  "link-lapsed": [me, notAfterAll, another],
  "link-there": [me, another],
  "link-declined": [accept],
  "link-before": [me, accept, decline],
  "other-guard": [accept, decline],
  "other-there": [accept, decline],
  coming: [arrived, decline],
  lapsed: [arrived, decline],
  there: [safe, help, stillHere],
  help: [help, stillHere, safe],
  "was-there": [stillThere, help, cannot],
  "help-not-there": [help, arrived, cannot],
  check: [stillHere, help, safe],
  "called-off": [accept, arrived],
  closed: [],
} as const satisfies Record<GuardState, readonly Offer[]>;

/** Nothing is expected of somebody who was called off, or who waits for help. */
export const isNothingExpected: ReadonlySet<GuardState> = new Set(["called-off", "help", "help-not-there", "closed"]);

/** The answers while the state can't be read: what a guard may have to say. */
export const offersUnseen = [accept, decline, arrived, help] as const satisfies readonly Offer[];
