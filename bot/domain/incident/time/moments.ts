import type { EarlierPage, Guard, Incident, Occupation, PagerProgress, Responder, Round } from "../incident.ts";
import type { Policy } from "../policy.ts";

/** Makes another moment of one. `isDue`: it may lie ahead, because something has to be done then. */
type Change = (at: number, isDue: boolean) => number;

/**
 * Brings an incident back whose moments lie ahead of what can be at `now`, because the clock was ahead when they were
 * made: what comes next is due now, and the distances between them stay. Pure. Returns the very same incident when its
 * moments can be right.
 */
export function bringBack(incident: Incident, policy: Policy, now: number): Incident {
  const lastAt = lastMomentOf(incident);
  const nextAt = incident.nextAt ?? lastAt;
  if (lastAt <= now && nextAt <= now + longestWait(policy)) return incident;
  const aheadMs = Math.max(lastAt, nextAt) - now;
  return changeMoments(incident, (at) => at - aheadMs);
}

/** The last moment at which something happened to the incident. */
function lastMomentOf(incident: Incident): number {
  let lastAt = incident.openedAt;
  changeMoments(incident, (at, isDue) => {
    if (!isDue) lastAt = Math.max(lastAt, at);
    return at;
  });
  return lastAt;
}

/** The longest that an incident waits for its next moment. */
function longestWait(policy: Policy): number {
  const { arriveWithinMs, teamsWithinMs, guardWithinMs, checkAfterMs, checkAnswerWithinMs, repeatEveryMs } = policy;
  const waits = [arriveWithinMs, teamsWithinMs, guardWithinMs, checkAfterMs, checkAnswerWithinMs, repeatEveryMs];
  return Math.max(...waits, ...policy.steps.map(({ afterMs }) => afterMs));
}

/** Every moment of an incident, each by `change`. */
function changeMoments(incident: Incident, change: Change): Incident {
  const { locationNamedAt, restoredAt, returned, called112At, policeThereAt, occupies } = incident;
  return {
    ...incident,
    ...(locationNamedAt === undefined ? {} : { locationNamedAt: change(locationNamedAt, false) }),
    openedAt: change(incident.openedAt, false),
    lastPressAt: change(incident.lastPressAt, false),
    pressers: incident.pressers.map((presser) => ({ ...presser, at: change(presser.at, false) })),
    cancelledAt: changeKnown(incident.cancelledAt, change),
    responders: incident.responders.map((responder) => changeResponder(responder, change)),
    round: changeRound(incident.round, change),
    pagers: changeEach(incident.pagers, (pager) => changePager(pager, change)),
    ...(occupies === undefined ? {} : { occupies: occupies.map((each) => changeOccupation(each, change)) }),
    deliveries: incident.deliveries.map((delivery) => ({ ...delivery, at: change(delivery.at, false) })),
    cardPostedAt: changeKnown(incident.cardPostedAt, change),
    ...(restoredAt === undefined ? {} : { restoredAt: change(restoredAt, false) }),
    // The copy is known by when it was made.
    ...(returned === undefined ? {} : { returned: { ...returned, at: change(returned.at, false) } }),
    ...(called112At === undefined ? {} : { called112At: change(called112At, false) }),
    ...(policeThereAt === undefined ? {} : { policeThereAt: change(policeThereAt, false) }),
    teamsLostAt: changeKnown(incident.teamsLostAt, change),
    closedAt: changeKnown(incident.closedAt, change),
    nextAt: incident.nextAt === null ? null : change(incident.nextAt, true),
  };
}

function changeOccupation(occupation: Occupation, change: Change): Occupation {
  const { at, since } = occupation;
  return {
    ...occupation,
    at: change(at, false),
    ...(since === undefined ? {} : { since: change(since, false) }),
  };
}

function changeResponder(responder: Responder, change: Change): Responder {
  const { promisedAt, witnessedAt, helpAt } = responder;
  return {
    ...responder,
    since: change(responder.since, false),
    arrivedAt: changeKnown(responder.arrivedAt, change),
    signAt: changeKnown(responder.signAt, change),
    silentAt: changeKnown(responder.silentAt, change),
    ...(promisedAt === undefined ? {} : { promisedAt: change(promisedAt, false) }),
    ...(witnessedAt === undefined ? {} : { witnessedAt: change(witnessedAt, false) }),
    ...(helpAt === undefined ? {} : { helpAt: change(helpAt, false) }),
  };
}

function changeRound(round: Round, change: Change): Round {
  const { helpOfAnyGuard, nobodyFreeAt } = round;
  return {
    ...round,
    startedAt: change(round.startedAt, false),
    firstClaimAt: changeKnown(round.firstClaimAt, change),
    lapsedAt: changeKnown(round.lapsedAt, change),
    allDeclinedAt: changeKnown(round.allDeclinedAt, change),
    ...(nobodyFreeAt === undefined ? {} : { nobodyFreeAt: change(nobodyFreeAt, false) }),
    pagedAt: changeKnown(round.pagedAt, change),
    checkAskedAt: changeKnown(round.checkAskedAt, change),
    calledOffAt: changeKnown(round.calledOffAt, change),
    helpAskedAt: changeKnown(round.helpAskedAt, change),
    ...(helpOfAnyGuard === undefined ? {} : { helpOfAnyGuard: changeEach(helpOfAnyGuard, (at) => change(at, false)) }),
    guards: round.guards.map((guard) => changeGuard(guard, change)),
    steps: round.steps.map((step) => ({
      ...step,
      dueAt: change(step.dueAt, true),
      sentAt: changeKnown(step.sentAt, change),
    })),
  };
}

function changeGuard(guard: Guard, change: Change): Guard {
  return {
    ...guard,
    since: change(guard.since, false),
    signAt: changeKnown(guard.signAt, change),
    silentAt: changeKnown(guard.silentAt, change),
    lapsedAt: changeKnown(guard.lapsedAt, change),
    helpAt: changeKnown(guard.helpAt, change),
  };
}

function changePager(pager: PagerProgress, change: Change): PagerProgress {
  const { callOff } = pager;
  return {
    ...pager,
    at: change(pager.at, false),
    callOff: callOff === null ? null : { ...callOff, at: change(callOff.at, false) },
    earlier: pager.earlier.map((page): EarlierPage => ({ ...page, at: change(page.at, false) })),
  };
}

function changeKnown(at: number | null, change: Change): number | null {
  return at === null ? null : change(at, false);
}

function changeEach<T>(record: Readonly<Record<string, T>>, change: (value: T) => T): Readonly<Record<string, T>> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value)]));
}
