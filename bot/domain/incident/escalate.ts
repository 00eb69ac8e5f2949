import { formatKey } from "../message-key.ts";
import type { Person } from "../person.ts";
import { hasAnswered, notifyOnDuty, queueDelivery } from "./colleagues/deliveries.ts";
import { holdsBack } from "./holds-back.ts";
import type { Incident, PageReason } from "./incident.ts";
import type { Step } from "./policy.ts";
import {
  comingOf,
  countResponding,
  hasArrived,
  isGuardComing,
  isGuardThere,
  isSilent,
  lastCheckInAt,
  thereOf,
} from "./presence.ts";
import { hastenPage, startLoudRound, toRepeatAt } from "./round.ts";
import { toEarlier } from "./security/pager-progress.ts";
import { change, changeRound, changeStep, isPresser, note, stepsOf, type Turn, withoutPressers } from "./turn.ts";

/** Does everything whose moment has come; runs at the end of every decision on an open incident. */
export function advance(turn: Turn): void {
  lapseClaims(turn);
  loseTeams(turn);
  noticeAllDeclined(turn);
  check(turn);
  lapseGuard(turn);
  if (isLeftAfterCallOff(turn.incident)) startLoudRound(turn, "repeat");
  takeSteps(turn);
  const repeatAt = toRepeatAt(turn.incident, turn.policy);
  if (repeatAt !== null && repeatAt <= turn.now && !holdsBack(turn, null)) {
    startLoudRound(turn, "repeat");
    takeSteps(turn);
  }
}

/** The next moment at which `advance` has something to do. Every open incident has one (rule 18). */
export function toNextAt(turn: Turn): number | null {
  const { incident, policy } = turn;
  const { round } = incident;
  if (incident.closedAt !== null) return null;
  const moments = round.steps.filter((progress) => progress.state === "waiting").map((progress) => progress.dueAt);
  const lapse = lapseAt(turn);
  if (lapse !== null) moments.push(lapse);
  if (waitsForTeams(incident)) moments.push(incident.openedAt + policy.teamsWithinMs);
  const asked = checkAt(turn);
  if (asked !== null) moments.push(asked);
  const guard = guardAt(turn);
  if (guard !== null) moments.push(guard);
  const repeatAt = toRepeatAt(incident, policy);
  if (repeatAt !== null && !holdsBack(turn, null)) moments.push(repeatAt);
  return Math.min(...moments);
}

/** Rule 16: the card could not be posted; the first page step, unless it is out already, is due now. */
export function giveUpTeams(turn: Turn): void {
  if (!waitsForTeams(turn.incident)) return;
  change(turn, { teamsLostAt: turn.now });
  note(turn, { kind: "teams-unreachable" });
  const first = stepsOf(turn).find(({ step }) => step.kind === "page");
  if (first?.progress.state === "waiting" || first?.progress.state === "held") hastenPage(turn, "teams-unreachable");
}

function loseTeams(turn: Turn): void {
  if (turn.now >= turn.incident.openedAt + turn.policy.teamsWithinMs) giveUpTeams(turn);
}

function waitsForTeams(incident: Incident): boolean {
  return incident.cardPostedAt === null && incident.teamsLostAt === null;
}

/** Rule 10: a claim is a promise. */
function lapseClaims(turn: Turn): void {
  const at = lapseAt(turn);
  if (at === null || turn.now < at) return;
  const people = comingOf(turn.incident).map((responder) => responder.person);
  changeRound(turn, { lapsedAt: turn.now });
  note(turn, { kind: "lapsed", people });
  hastenPage(turn, "lapsed");
}

function lapseAt({ incident, policy }: Turn): number | null {
  const { firstClaimAt, lapsedAt } = incident.round;
  if (firstClaimAt === null || lapsedAt !== null || hasArrived(incident)) return null;
  return firstClaimAt + policy.arriveWithinMs;
}

/** Rule 9: nobody of those on duty can come. */
function noticeAllDeclined(turn: Turn): void {
  const { round, responders } = turn.incident;
  if (round.allDeclinedAt !== null || round.onDuty === null || round.onDuty.length === 0) return;
  const declined = responders.filter((responder) => responder.state === "declined").map((each) => each.person.id);
  // Who pressed since the round began can't come either, and can't say so.
  const able = round.onDuty.filter((person) => !isPresser(turn.incident, person));
  if (!able.every((person) => declined.includes(person.id))) return;
  changeRound(turn, { allDeclinedAt: turn.now });
  note(turn, { kind: "all-declined" });
  hastenPage(turn, "declined");
}

/** Rule 11: who is there is asked, and pages when no answer comes. */
function check(turn: Turn): void {
  const at = checkAt(turn);
  if (at === null) {
    if (turn.incident.round.checkAskedAt !== null) changeRound(turn, { checkAskedAt: null });
    return;
  }
  if (turn.now < at) return;
  const people: Person[] = thereOf(turn.incident).map((responder) => responder.person);
  if (turn.incident.round.checkAskedAt === null) {
    changeRound(turn, { checkAskedAt: turn.now });
    note(turn, { kind: "check-asked", people });
    return;
  }
  const { responders, round } = turn.incident;
  const silent = responders.map((responder) =>
    responder.state === "there" ? { ...responder, silentAt: responder.silentAt ?? turn.now } : responder,
  );
  const guard =
    round.guard !== null && isGuardThere(turn.incident) ? { ...round.guard, silentAt: turn.now } : round.guard;
  change(turn, { responders: silent });
  changeRound(turn, { checkAskedAt: null, guard });
  note(turn, { kind: "check-missed" });
  if (!hastenPage(turn, "check")) startLoudRound(turn, "check");
}

/** Who called security off has left, and nobody is there any more: all of it anew, under keys that nobody has seen. */
function isLeftAfterCallOff(incident: Incident): boolean {
  if (incident.round.calledOffAt === null || thereOf(incident).length > 0) return false;
  return !isGuardComing(incident) && !isGuardThere(incident);
}

function checkAt({ incident, policy }: Turn): number | null {
  const signAt = lastCheckInAt(incident);
  if (signAt === null) return null;
  const { checkAskedAt } = incident.round;
  return checkAskedAt === null ? signAt + policy.checkAfterMs : checkAskedAt + policy.checkAnswerWithinMs;
}

/** Rule 15: a guard's acceptance is a promise too. */
function lapseGuard(turn: Turn): void {
  const at = guardAt(turn);
  const { guard } = turn.incident.round;
  if (at === null || guard === null || turn.now < at) return;
  changeRound(turn, { guard: { ...guard, lapsedAt: turn.now } });
  note(turn, { kind: "guard-lapsed", pager: guard.pager });
}

function guardAt({ incident, policy }: Turn): number | null {
  const { guard } = incident.round;
  return guard !== null && isGuardComing(incident) ? guard.acceptedAt + policy.guardWithinMs : null;
}

function takeSteps(turn: Turn): void {
  for (const { step, index } of stepsOf(turn)) {
    const progress = turn.incident.round.steps[index];
    const isOpen = progress?.state === "waiting" || progress?.state === "held";
    if (progress === undefined || !isOpen || progress.dueAt > turn.now) continue;
    if (step.kind === "tell") {
      changeStep(turn, index, { state: "told", sentAt: turn.now });
      notifyChannel(turn, step, index);
    } else if (!holdsBack(turn, progress.reason)) {
      if (step.kind === "call") call(turn, step.pager, index);
      else page(turn, step.pager, index, progress.reason ?? toStandingReason(turn.incident));
    } else if (progress.state === "waiting") {
      changeStep(turn, index, { state: "held" });
      if (step.kind === "page") note(turn, { kind: "page-held", pager: step.pager });
    }
  }
}

/** Rings the phones of those on duty who did not answer yet; never of somebody who pressed. */
function call(turn: Turn, pager: string, index: number): void {
  const { id, round } = turn.incident;
  const onDuty = withoutPressers(turn.incident, turn.onDuty) ?? [];
  const people = onDuty.filter((person) => !hasAnswered(turn.incident, person));
  changeStep(turn, index, { state: "told", sentAt: turn.now });
  if (people.length === 0) return;
  note(turn, { kind: "called", people, pager });
  for (const person of people) {
    const key = formatKey({ kind: "call", incident: id, round: round.number, step: index, person: person.id });
    queueDelivery(turn, person, "call", key);
    turn.effects.push({ kind: "call", pager, person, key });
  }
}

/** The incident's own channel has the card and is rung; another one gets a notice. */
function notifyChannel(turn: Turn, { channel, afterMs }: Extract<Step, { kind: "tell" }>, step: number): void {
  if (channel === turn.incident.channel) {
    const isRung = notifyOnDuty(turn);
    // At 0 s the card itself is what tells; later, without anybody to mention, a reply is.
    if (!isRung && afterMs > 0) note(turn, { kind: "told", channel });
    return;
  }
  note(turn, { kind: "told", channel });
  turn.effects.push({ kind: "notice", channel, round: turn.incident.round.number, step });
}

function page(turn: Turn, pager: string, index: number, reason: PageReason): void {
  const { id, round, pagers } = turn.incident;
  const key = formatKey({ kind: "page", incident: id, round: round.number, step: index });
  changeStep(turn, index, { state: "queued", reason, sentAt: turn.now });
  // Only `unclaimed` can still be withheld; anything else goes, so from here on claims hold nothing back (rule 13).
  if (reason !== "unclaimed") changeRound(turn, { pagedAt: round.pagedAt ?? turn.now });
  const earlier = toEarlier(pagers[pager]);
  const queued = { key, reason, state: "queued", at: turn.now, failure: null, callOff: null, earlier } as const;
  change(turn, { pagers: { ...pagers, [pager]: queued } });
  changeRound(turn, { calledOffAt: null });
  note(turn, { kind: "page-queued", pager, key, reason });
  turn.effects.push({ kind: "page", pager, key, reason });
}

/** Why a page goes that goes by its own moment: what is so now, not what was so when an earlier one went. */
function toStandingReason(incident: Incident): PageReason {
  const { round, cardPostedAt, teamsLostAt } = incident;
  const isNobodyComing = countResponding(incident) === 0;
  if (round.helpAskedAt !== null) return "help";
  if (isSilent(incident)) return "check";
  if (round.lapsedAt !== null || (round.guard?.lapsedAt ?? null) !== null) return "lapsed";
  if (round.onDuty?.length === 0 && isNobodyComing) return "nobody-on-duty";
  if (round.allDeclinedAt !== null && isNobodyComing) return "declined";
  if (teamsLostAt !== null && cardPostedAt === null) return "teams-unreachable";
  return "unclaimed";
}
