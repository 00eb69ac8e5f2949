import type { Incident, Responder } from "./incident.ts";
import type { Policy } from "./policy.ts";

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

/** Whether a guard is there and answers (rule 15: counts as arrived). */
export function isGuardThere(incident: Incident): boolean {
  const guard = incident.round.guard;
  return guard !== null && guard.arrivedAt !== null && guard.silentAt === null;
}

/** Whether a guard has promised to come and may still be expected (rule 15). */
export function isGuardComing(incident: Incident): boolean {
  const guard = incident.round.guard;
  return guard !== null && guard.arrivedAt === null && guard.lapsedAt === null;
}

/**
 * Whether at least `claimsNeeded` people are on the way or there, and no claim lapsed in this round (rules 10 and 12).
 */
export function isEnough(incident: Incident, policy: Policy): boolean {
  if (incident.round.lapsedAt !== null) return false;
  return countResponding(incident) >= policy.claimsNeeded;
}

/** Whether anybody arrived in this round, even if they no longer answer: that ends the wait of rule 10. */
export function hasArrived(incident: Incident): boolean {
  const guard = incident.round.guard;
  return (
    incident.responders.some((responder) => responder.state === "there") || (guard !== null && guard.arrivedAt !== null)
  );
}

/** Whether somebody is there, and nobody there answers any more (rule 11). */
export function isSilent(incident: Incident): boolean {
  return hasArrived(incident) && thereOf(incident).length === 0 && !isGuardThere(incident);
}

/** When somebody who is there and still answers last showed that they are safe; null when nobody is there. */
export function lastCheckInAt(incident: Incident): number | null {
  const moments = thereOf(incident).map((responder) => responder.signAt ?? responder.since);
  const guard = incident.round.guard;
  if (guard !== null && isGuardThere(incident)) moments.push(guard.signAt ?? guard.acceptedAt);
  return moments.length === 0 ? null : Math.max(...moments);
}
