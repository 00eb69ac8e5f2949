import type { Guard, Incident, Outcome, Round } from "../../../domain/incident/incident.ts";
import type { Policy } from "../../../domain/incident/policy.ts";
import {
  comingOf,
  guardsComing,
  guardsThere,
  isEnough,
  isGuardThere,
  lastCheckInAt,
  thereOf,
} from "../../../domain/incident/presence.ts";

/**
 * How external security stands, when nobody of theirs comes or is there. `calling` to `declined`: the best that any
 * route got. `answered`: a human of theirs answered, and is not expected any more. `failed`: no route works now.
 * `declined`: none works, and a guard declined. `called-off`: somebody there says that they need not come.
 */
type Security = "calling" | "delivered" | "answered" | "failed" | "declined" | "called-off";

/**
 * All that people are told of an incident as it is now, derived and never stored: no part replaces another one. Moments
 * are epoch milliseconds UTC.
 */
export interface Standing {
  /** null: the incident is open. */
  readonly outcome: Outcome | null;
  /** Who is there and answers. */
  readonly there: "colleague" | "guard" | "both" | null;
  /** Who was there and does not answer any more, also while somebody else does. */
  readonly silent: "colleague" | "guard" | null;
  /** Somebody asked for help since the press (rule 11); `met`: a guard has come since. */
  readonly help: "asked" | "met" | null;
  /** Who asked for help last. */
  readonly helpBy: "colleague" | "guard" | null;
  /** A guard is there who, as far as is known, is not the one who asks for help. */
  readonly isGuardBeside: boolean;
  /** The bot asked those who are there, and waits until then; null: it has not asked. */
  readonly checkDueBy: number | null;
  /** When the bot will ask those who are there. */
  readonly checkAt: number | null;
  /** A guard promised to come, the first one then; `dueBy`: when paging goes on if nobody is there. */
  readonly guardComing: { readonly acceptedAt: number; readonly dueBy: number } | null;
  /** A promise was not kept, and nobody has been there. */
  readonly isLapsed: boolean;
  /** Colleagues on the way; those whose promise lapsed are `late`. */
  readonly coming: number;
  readonly late: number;
  readonly needed: number;
  /** null: security is not needed so far. */
  readonly security: Security | null;
  /** When security is called if all stays so; null where that depends on nothing here. */
  readonly dueBy: number | null;
}

/** One thing that is so; `help-met` and `called-off` never stand first, because somebody is there then. */
export type Fact =
  | "help"
  | "unreached"
  | "silent"
  | "check"
  | "there"
  | "help-met"
  | "guard-coming"
  | "lapsed"
  | "coming"
  | "paged"
  | "called-off"
  | "nobody";

export function toStanding(incident: Incident, policy: Policy): Standing {
  const { round, closedAt, outcome } = incident;
  const there = toThere(incident);
  const checkedInAt = lastCheckInAt(incident);
  const guardComing = toGuardComing(incident, policy);
  const isLapsed = there === null && isPromiseBroken(incident);
  const late = isLapsed ? comingOf(incident).filter(({ since }) => isLate(round, since)).length : 0;
  const coming = comingOf(incident).length - late;
  const help = toHelp(incident);
  // A guard is enough, unless help was asked for since.
  const isGuarded = guardComing !== null || (there !== "colleague" && there !== null && help !== "asked");
  const security = isGuarded ? null : toSecurity(incident, policy, there !== null);
  return {
    outcome: closedAt === null ? null : (outcome ?? "real"),
    there,
    silent: toSilent(incident),
    help,
    helpBy: round.helpAskedBy,
    isGuardBeside: guardsThere(incident).some(({ helpAt }) => helpAt === null),
    checkDueBy: round.checkAskedAt === null ? null : round.checkAskedAt + policy.checkAnswerWithinMs,
    checkAt: checkedInAt === null || round.checkAskedAt !== null ? null : checkedInAt + policy.checkAfterMs,
    guardComing,
    isLapsed,
    coming,
    late,
    needed: policy.claimsNeeded,
    security,
    dueBy: security === null && there === null && guardComing === null ? toDueBy(incident, policy, coming) : null,
  };
}

/**
 * What is so, first what matters most to somebody who has to act; never empty while the incident is open. While
 * somebody is there, that comes before what security does.
 */
export function toFacts(standing: Standing): readonly Fact[] {
  const { there, silent, help, checkDueBy, guardComing, isLapsed, coming, late, security } = standing;
  const isAttended = there !== null;
  const isUnreached = security === "failed" || security === "declined";
  const isPaged = security !== null && security !== "called-off" && !isUnreached;
  const facts: readonly (readonly [fact: Fact, isSo: boolean])[] = [
    ["help", help === "asked"],
    // Nothing is worse than a page that reached no one.
    ["unreached", isUnreached && !isAttended],
    ["silent", silent !== null && !isAttended],
    ["check", checkDueBy !== null],
    ["there", isAttended],
    ["unreached", isUnreached && isAttended],
    ["silent", silent !== null && isAttended],
    ["help-met", help === "met"],
    ["guard-coming", guardComing !== null],
    ["lapsed", isLapsed],
    ["paged", isPaged && isAttended],
    ["coming", coming > 0],
    ["paged", isPaged && !isAttended],
    ["called-off", security === "called-off"],
    ["nobody", coming + late === 0 && guardComing === null && !isAttended],
  ];
  return facts.flatMap(([fact, isSo]) => (isSo ? [fact] : []));
}

/** Whether a promise of that moment has lapsed; who promises after that starts anew. */
export function isLate({ lapsedAt }: Round, since: number): boolean {
  return lapsedAt !== null && since <= lapsedAt;
}

/**
 * When the next page step of this round whose moment has not come is due, in epoch milliseconds; null when there is
 * none.
 */
export function toNextPageAt(incident: Incident, policy: Policy): number | null {
  const moments = incident.round.steps
    .filter(({ state }, index) => state === "waiting" && policy.steps[index]?.kind === "page")
    .map(({ dueAt }) => dueAt);
  return moments.length > 0 ? Math.min(...moments) : null;
}

function toThere(incident: Incident): Standing["there"] {
  const isColleague = thereOf(incident).length > 0;
  if (isGuardThere(incident)) return isColleague ? "both" : "guard";
  return isColleague ? "colleague" : null;
}

function toSilent({ responders, round }: Incident): Standing["silent"] {
  const isSilent = ({ state, silentAt }: Pick<Guard, "silentAt"> & { readonly state: string }) =>
    state === "there" && silentAt !== null;
  if (responders.some(isSilent)) return "colleague";
  return round.guards.some(isSilent) ? "guard" : null;
}

function toHelp(incident: Incident): Standing["help"] {
  const { helpAskedAt } = incident.round;
  if (helpAskedAt === null) return null;
  const isMet = guardsThere(incident).some(({ since, helpAt }) => helpAt === null && since >= helpAskedAt);
  return isMet ? "met" : "asked";
}

function toGuardComing(incident: Incident, policy: Policy): Standing["guardComing"] {
  const promises = guardsComing(incident).map(({ since }) => since);
  if (promises.length === 0) return null;
  // While one of several is still expected, paging rests.
  return { acceptedAt: Math.min(...promises), dueBy: Math.max(...promises) + policy.guardWithinMs };
}

/** Whether a promise lapsed and nobody has been there since the press, also nobody who has left again. */
function isPromiseBroken({ round, responders }: Incident): boolean {
  if ([...responders, ...round.guards].some(({ signAt }) => signAt !== null)) return false;
  // A promise that never counted, because it may have been the same guard's once more, lapsed as it was made.
  return round.lapsedAt !== null || round.guards.some(({ lapsedAt, since }) => lapsedAt !== null && lapsedAt > since);
}

function toSecurity(incident: Incident, policy: Policy, isAttended: boolean): Security | null {
  const { pagedAt, lapsedAt, calledOffAt, steps } = incident.round;
  if (calledOffAt !== null) return "called-off";
  // A page that waits in the outbox is still withheld when enough people go meanwhile (rule 12).
  const isQueued = steps.some(({ state }) => state === "queued") && !isEnough(incident, policy);
  if (pagedAt === null && lapsedAt === null && !isQueued) return null;
  return toReach(incident, isAttended);
}

function toReach(incident: Incident, isAttended: boolean): Security | null {
  const pagers = Object.values(incident.pagers).filter(({ callOff }) => callOff === null);
  // What is due goes out at once, unless somebody who is there holds it.
  if (pagers.length === 0) return isAttended ? null : "calling";
  const is = (...states: readonly string[]) => pagers.some(({ state }) => states.includes(state));
  if (is("accepted")) return "delivered";
  if (is("queued", "started")) return "calling";
  if (is("answered")) return "answered";
  return pagers.some(({ failure }) => failure === "guard-declined") ? "declined" : "failed";
}

function toDueBy(incident: Incident, policy: Policy, coming: number): number | null {
  const pageAt = toNextPageAt(incident, policy);
  if (coming === 0) return pageAt;
  const { firstClaimAt } = incident.round;
  const arriveBy = firstClaimAt === null ? null : firstClaimAt + policy.arriveWithinMs;
  const deadlines = (coming >= policy.claimsNeeded ? [arriveBy] : [arriveBy, pageAt]).filter((at) => at !== null);
  return deadlines.length > 0 ? Math.min(...deadlines) : null;
}
