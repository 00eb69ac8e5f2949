import type { Guard, Incident, Responder } from "./incident.ts";
import type { Policy } from "./policy.ts";
import { isSince, type Moment } from "./time/is-since.ts";

/** Colleagues who promised to come and are not there yet. */
export function comingOf(incident: Incident): readonly Responder[] {
  return incident.responders.filter((responder) => responder.state === "coming");
}

/** Colleagues who are there; those who did not answer the check do not count (rule 11). */
export function thereOf(incident: Incident): readonly Responder[] {
  return incident.responders.filter((responder) => responder.state === "there" && responder.silentAt === null);
}

/** How many colleagues are on the way or there. */
export function countResponding(incident: Incident): number {
  return comingOf(incident).length + thereOf(incident).length;
}

/** Guards who promised to come and may still be expected (rule 15). */
export function guardsComing({ round }: Incident): readonly Guard[] {
  return round.guards.filter(({ state, lapsedAt }) => state === "coming" && lapsedAt === null);
}

/** Guards who are there and answer. */
export function guardsThere({ round }: Incident): readonly Guard[] {
  return round.guards.filter(({ state, silentAt }) => state === "there" && silentAt === null);
}

/** Whether a guard is there and answers (rule 15: counts as arrived). */
export function isGuardThere(incident: Incident): boolean {
  return guardsThere(incident).length > 0;
}

/** Whether a guard has promised to come and may still be expected (rule 15). */
export function isGuardComing(incident: Incident): boolean {
  return guardsComing(incident).length > 0;
}

/** Whether a guard is there who surely did not ask for help, and so is the help that was asked for (rule 11). */
export function isGuardHelping(incident: Incident): boolean {
  const { helpOfAnyGuard = {} } = incident.round;
  return guardsThere(incident).some(({ pager, since, helpAt }) => {
    return helpAt === null && since > (helpOfAnyGuard[pager] ?? Number.NEGATIVE_INFINITY);
  });
}

/** Whether a guard promised to come and was not there in time (rule 15). */
export function hasGuardLapsed({ round }: Incident): boolean {
  return round.guards.some(({ lapsedAt }) => lapsedAt !== null);
}

/**
 * Whether at least `claimsNeeded` people are on the way or there, without who is on the way and needs help elsewhere,
 * and no claim lapsed in this round (rules 10 to 12).
 */
export function isEnough(incident: Incident, policy: Policy): boolean {
  if (incident.round.lapsedAt !== null) return false;
  const coming = comingOf(incident).filter(({ isInNeed }) => !isInNeed);
  return coming.length + thereOf(incident).length >= policy.claimsNeeded;
}

/** Whether anybody arrived in this round, even if they no longer answer: that ends the wait of rule 10. */
export function hasArrived(incident: Incident): boolean {
  const { responders, round } = incident;
  return [...responders, ...round.guards].some(({ state }) => state === "there");
}

/** Whether anybody arrived, or a guard accepted: from then on a press begins a round (rule 3). */
export function isMet(incident: Incident): boolean {
  return hasArrived(incident) || incident.round.guards.some(({ state }) => state !== "declined");
}

/**
 * Whether they said after that moment that they come or are there, so that a press which is written late asks them
 * nothing anew. Of guards, and of who declined, it is not known when they said it where that had to wait too.
 */
export function hasComeSince({ state, since }: Responder, moment: Moment): boolean {
  return (state === "coming" || state === "there") && isSince(since, moment);
}

/** Whether somebody is there, and nobody there answers any more (rule 11). */
export function isSilent(incident: Incident): boolean {
  return hasArrived(incident) && thereOf(incident).length === 0 && !isGuardThere(incident);
}

/** When somebody who is there and still answers last showed that they are safe; null when nobody is there. */
export function lastCheckInAt(incident: Incident): number | null {
  const moments = [...thereOf(incident), ...guardsThere(incident)].map(({ signAt, since }) => signAt ?? since);
  return moments.length === 0 ? null : Math.max(...moments);
}
