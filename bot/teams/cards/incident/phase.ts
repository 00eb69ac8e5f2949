import type { Incident, Outcome } from "../../../domain/incident/incident.ts";
import type { Policy } from "../../../domain/incident/policy.ts";
import {
  comingOf,
  guardsComing,
  hasGuardLapsed,
  isEnough,
  isGuardHelping,
  isGuardThere,
  isSilent,
  lastCheckInAt,
} from "../../../domain/incident/presence.ts";

/**
 * The state of an incident as people see it: one of these, derived and never stored. Moments are epoch milliseconds
 * UTC.
 */
export type Phase =
  /** Nobody goes yet; `dueBy`: when external security is called if that stays so. */
  | { readonly kind: "open"; readonly dueBy: number | null }
  /** Colleagues are on the way; `dueBy`: when external security is called if nobody arrives, or not enough go. */
  | { readonly kind: "coming"; readonly count: number; readonly needed: number; readonly dueBy: number | null }
  /** External security is being called and no human of theirs has answered. `reach`: the best that any route got. */
  | { readonly kind: "paged"; readonly because: Because; readonly reach: Reach }
  /** A guard promised to come; `dueBy`: when paging goes on if nobody is there. */
  | {
      readonly kind: "guard-coming";
      readonly acceptedAt: number;
      readonly dueBy: number;
      readonly isHelpAsked: boolean;
      readonly helpBy: HelpBy;
    }
  /** Somebody is there and answers. `checkDueBy`: the bot asked and waits until then; `checkAt`: when it will ask. */
  | {
      readonly kind: "there";
      readonly who: "colleague" | "guard";
      readonly isHelpAsked: boolean;
      readonly helpBy: HelpBy;
      readonly checkDueBy: number | null;
      readonly checkAt: number | null;
    }
  | { readonly kind: "closed"; readonly outcome: Outcome };

/** The best that any route got; `failed`: none works now; `declined`: none works, and a guard declined. */
type Reach = "calling" | "delivered" | "failed" | "declined";

/** The worst that is known while nobody is there: it is the first thing on the card. */
type Because = "nobody" | "lapsed" | "silent" | "guardSilent" | "help" | "guardHelp";

/** Who asked for help last; null: nobody. */
type HelpBy = Incident["round"]["helpAskedBy"];

/** Derives the phase; what matters most to someone who has to act comes first. */
export function toPhase(incident: Incident, policy: Policy): Phase {
  if (incident.closedAt !== null) return { kind: "closed", outcome: incident.outcome ?? "real" };
  return (
    toThere(incident, policy) ??
    toGuardComing(incident, policy) ??
    toPaged(incident, policy) ??
    toEarly(incident, policy)
  );
}

function toThere(incident: Incident, policy: Policy): Phase | null {
  const checkedInAt = lastCheckInAt(incident);
  if (checkedInAt === null) return null;
  const { checkAskedAt } = incident.round;
  const isGuard = isGuardThere(incident);
  return {
    kind: "there",
    who: isGuard ? "guard" : "colleague",
    isHelpAsked: isHelpAsked(incident) && !isGuardHelping(incident),
    helpBy: incident.round.helpAskedBy,
    checkDueBy: checkAskedAt === null ? null : checkAskedAt + policy.checkAnswerWithinMs,
    checkAt: checkAskedAt === null ? checkedInAt + policy.checkAfterMs : null,
  };
}

function toGuardComing(incident: Incident, policy: Policy): Phase | null {
  const promises = guardsComing(incident).map(({ since }) => since);
  if (promises.length === 0) return null;
  return {
    kind: "guard-coming",
    acceptedAt: Math.min(...promises),
    // While one of several is still expected, paging rests.
    dueBy: Math.max(...promises) + policy.guardWithinMs,
    isHelpAsked: isHelpAsked(incident),
    helpBy: incident.round.helpAskedBy,
  };
}

function toPaged(incident: Incident, policy: Policy): Phase | null {
  const { pagedAt, lapsedAt, steps } = incident.round;
  // A page that waits in the outbox is still withheld when enough people go meanwhile (rule 12).
  const isQueued = steps.some(({ state }) => state === "queued") && !isEnough(incident, policy);
  if (pagedAt === null && lapsedAt === null && !isQueued) return null;
  return { kind: "paged", because: toBecause(incident), reach: toReach(incident) };
}

function toBecause(incident: Incident): Because {
  if (isHelpAsked(incident)) return incident.round.helpAskedBy === "guard" ? "guardHelp" : "help";
  if (isSilent(incident)) return hasColleagueArrived(incident) ? "silent" : "guardSilent";
  return incident.round.lapsedAt !== null || hasGuardLapsed(incident) ? "lapsed" : "nobody";
}

function toReach(incident: Incident): Reach {
  const pagers = Object.values(incident.pagers);
  if (pagers.some(({ state }) => state === "accepted" || state === "answered")) return "delivered";
  if (pagers.length === 0 || pagers.some(({ state }) => state !== "failed")) return "calling";
  return pagers.some(({ failure }) => failure === "guard-declined") ? "declined" : "failed";
}

function toEarly(incident: Incident, policy: Policy): Phase {
  const count = comingOf(incident).length;
  const pageAt = toNextPageAt(incident, policy);
  if (count === 0) return { kind: "open", dueBy: pageAt };
  const needed = policy.claimsNeeded;
  const { firstClaimAt } = incident.round;
  const arriveBy = firstClaimAt === null ? null : firstClaimAt + policy.arriveWithinMs;
  const deadlines = (count >= needed ? [arriveBy] : [arriveBy, pageAt]).filter((at) => at !== null);
  return { kind: "coming", count, needed, dueBy: deadlines.length > 0 ? Math.min(...deadlines) : null };
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

/** Whether it is not only a guard who arrived in this round. */
function hasColleagueArrived(incident: Incident): boolean {
  return incident.responders.some(({ state }) => state === "there");
}

/** Somebody asked for help since the press (rule 11). */
function isHelpAsked(incident: Incident): boolean {
  return incident.round.helpAskedAt !== null;
}
