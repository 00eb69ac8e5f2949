import { formatKey } from "../message-key.ts";
import type { Person } from "../person.ts";
import { hasAnswered, notifyOnDuty, queueDelivery } from "./colleagues/deliveries.ts";
import { change, changeRound, changeStep, type Draft, isPresser, note, stepsOf, withoutPressers } from "./draft.ts";
import type { Incident, PageReason } from "./incident.ts";
import { isDeferred } from "./is-deferred.ts";
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
import { bringPageForward, startLoudRound, toRepeatAt } from "./round.ts";
import { toEarlier } from "./security/pager-progress.ts";

/** Does everything whose moment has come; runs at the end of every decision on an open incident. */
export function advance(draft: Draft): void {
  lapseClaims(draft);
  loseTeams(draft);
  noticeAllDeclined(draft);
  check(draft);
  lapseGuard(draft);
  if (isLeftAfterCallOff(draft.incident)) startLoudRound(draft, "repeat");
  takeSteps(draft);
  const repeatAt = toRepeatAt(draft.incident, draft.policy);
  if (repeatAt !== null && repeatAt <= draft.now && !isDeferred(draft, null)) {
    startLoudRound(draft, "repeat");
    takeSteps(draft);
  }
}

/** The next moment at which `advance` has something to do. Every open incident has one (rule 18). */
export function toNextAt(draft: Draft): number | null {
  const { incident, policy } = draft;
  const { round } = incident;
  if (incident.closedAt !== null) return null;
  const moments = round.steps.filter((progress) => progress.state === "waiting").map((progress) => progress.dueAt);
  const lapse = lapseAt(draft);
  if (lapse !== null) moments.push(lapse);
  if (waitsForTeams(incident)) moments.push(incident.openedAt + policy.teamsWithinMs);
  const asked = checkAt(draft);
  if (asked !== null) moments.push(asked);
  const guard = guardAt(draft);
  if (guard !== null) moments.push(guard);
  const repeatAt = toRepeatAt(incident, policy);
  if (repeatAt !== null && !isDeferred(draft, null)) moments.push(repeatAt);
  return Math.min(...moments);
}

/** Rule 16: the card could not be posted; the first page step, unless it is out already, is due now. */
export function giveUpTeams(draft: Draft): void {
  if (!waitsForTeams(draft.incident)) return;
  change(draft, { teamsLostAt: draft.now });
  note(draft, { kind: "teams-unreachable" });
  const first = stepsOf(draft).find(({ step }) => step.kind === "page");
  if (first?.progress.state === "waiting" || first?.progress.state === "held")
    bringPageForward(draft, "teams-unreachable");
}

function loseTeams(draft: Draft): void {
  if (draft.now >= draft.incident.openedAt + draft.policy.teamsWithinMs) giveUpTeams(draft);
}

function waitsForTeams(incident: Incident): boolean {
  return incident.cardPostedAt === null && incident.teamsLostAt === null;
}

/** Rule 10: a claim is a promise. */
function lapseClaims(draft: Draft): void {
  const at = lapseAt(draft);
  if (at === null || draft.now < at) return;
  const people = comingOf(draft.incident).map((responder) => responder.person);
  changeRound(draft, { lapsedAt: draft.now });
  note(draft, { kind: "lapsed", people });
  bringPageForward(draft, "lapsed");
}

function lapseAt({ incident, policy }: Draft): number | null {
  const { firstClaimAt, lapsedAt } = incident.round;
  if (firstClaimAt === null || lapsedAt !== null || hasArrived(incident)) return null;
  return firstClaimAt + policy.arriveWithinMs;
}

/** Rule 9: nobody of those on duty can come. */
function noticeAllDeclined(draft: Draft): void {
  const { round, responders } = draft.incident;
  if (round.allDeclinedAt !== null || round.onDuty === null || round.onDuty.length === 0) return;
  const declined = responders.filter((responder) => responder.state === "declined").map((each) => each.person.id);
  // Who pressed since the round began can't come either, and can't say so.
  const able = round.onDuty.filter((person) => !isPresser(draft.incident, person));
  if (!able.every((person) => declined.includes(person.id))) return;
  changeRound(draft, { allDeclinedAt: draft.now });
  note(draft, { kind: "all-declined" });
  bringPageForward(draft, "declined");
}

/** Rule 11: who is there is asked, and pages when no answer comes. */
function check(draft: Draft): void {
  const at = checkAt(draft);
  if (at === null) {
    if (draft.incident.round.checkAskedAt !== null) changeRound(draft, { checkAskedAt: null });
    return;
  }
  if (draft.now < at) return;
  const people: Person[] = thereOf(draft.incident).map((responder) => responder.person);
  if (draft.incident.round.checkAskedAt === null) {
    changeRound(draft, { checkAskedAt: draft.now });
    note(draft, { kind: "check-asked", people });
    return;
  }
  const { responders, round } = draft.incident;
  const silent = responders.map((responder) =>
    responder.state === "there" ? { ...responder, silentAt: responder.silentAt ?? draft.now } : responder,
  );
  const guard =
    round.guard !== null && isGuardThere(draft.incident) ? { ...round.guard, silentAt: draft.now } : round.guard;
  change(draft, { responders: silent });
  changeRound(draft, { checkAskedAt: null, guard });
  note(draft, { kind: "check-missed" });
  if (!bringPageForward(draft, "check")) startLoudRound(draft, "check");
}

/** Who called security off has left, and nobody is there any more: all of it anew, under keys that nobody has seen. */
function isLeftAfterCallOff(incident: Incident): boolean {
  if (incident.round.calledOffAt === null || thereOf(incident).length > 0) return false;
  return !isGuardComing(incident) && !isGuardThere(incident);
}

function checkAt({ incident, policy }: Draft): number | null {
  const signAt = lastCheckInAt(incident);
  if (signAt === null) return null;
  const { checkAskedAt } = incident.round;
  return checkAskedAt === null ? signAt + policy.checkAfterMs : checkAskedAt + policy.checkAnswerWithinMs;
}

/** Rule 15: a guard's acceptance is a promise too. */
function lapseGuard(draft: Draft): void {
  const at = guardAt(draft);
  const { guard } = draft.incident.round;
  if (at === null || guard === null || draft.now < at) return;
  changeRound(draft, { guard: { ...guard, lapsedAt: draft.now } });
  note(draft, { kind: "guard-lapsed", pager: guard.pager });
}

function guardAt({ incident, policy }: Draft): number | null {
  const { guard } = incident.round;
  return guard !== null && isGuardComing(incident) ? guard.acceptedAt + policy.guardWithinMs : null;
}

function takeSteps(draft: Draft): void {
  for (const { step, index } of stepsOf(draft)) {
    const progress = draft.incident.round.steps[index];
    const isOpen = progress?.state === "waiting" || progress?.state === "held";
    if (progress === undefined || !isOpen || progress.dueAt > draft.now) continue;
    if (step.kind === "tell") {
      changeStep(draft, index, { state: "told", sentAt: draft.now });
      notifyChannel(draft, step, index);
    } else if (!isDeferred(draft, progress.reason)) {
      if (step.kind === "call") call(draft, step.pager, index);
      else page(draft, step.pager, index, progress.reason ?? toStandingReason(draft.incident));
    } else if (progress.state === "waiting") {
      changeStep(draft, index, { state: "held" });
      if (step.kind === "page") note(draft, { kind: "page-held", pager: step.pager });
    }
  }
}

/** Rings the phones of those on duty who did not answer yet; never of somebody who pressed. */
function call(draft: Draft, pager: string, index: number): void {
  const { id, round } = draft.incident;
  const onDuty = withoutPressers(draft.incident, draft.onDuty) ?? [];
  const people = onDuty.filter((person) => !hasAnswered(draft.incident, person));
  changeStep(draft, index, { state: "told", sentAt: draft.now });
  if (people.length === 0) return;
  note(draft, { kind: "called", people, pager });
  for (const person of people) {
    const key = formatKey({ kind: "call", incident: id, round: round.number, step: index, person: person.id });
    queueDelivery(draft, person, "call", key);
    draft.effects.push({ kind: "call", pager, person, key });
  }
}

/** The incident's own channel has the card and is rung; another one gets a notice. */
function notifyChannel(draft: Draft, { channel, afterMs }: Extract<Step, { kind: "tell" }>, step: number): void {
  if (channel === draft.incident.channel) {
    const isRung = notifyOnDuty(draft);
    // At 0 s the card itself is what tells; later, without anybody to mention, a reply is.
    if (!isRung && afterMs > 0) note(draft, { kind: "told", channel });
    return;
  }
  note(draft, { kind: "told", channel });
  draft.effects.push({ kind: "notice", channel, round: draft.incident.round.number, step });
}

function page(draft: Draft, pager: string, index: number, reason: PageReason): void {
  const { id, round, pagers } = draft.incident;
  const key = formatKey({ kind: "page", incident: id, round: round.number, step: index });
  changeStep(draft, index, { state: "queued", reason, sentAt: draft.now });
  // Only `unclaimed` can still be withheld; anything else goes, so from here on claims hold nothing back (rule 13).
  if (reason !== "unclaimed") changeRound(draft, { pagedAt: round.pagedAt ?? draft.now });
  const earlier = toEarlier(pagers[pager]);
  const queued = { key, reason, state: "queued", at: draft.now, failure: null, callOff: null, earlier } as const;
  change(draft, { pagers: { ...pagers, [pager]: queued } });
  changeRound(draft, { calledOffAt: null });
  note(draft, { kind: "page-queued", pager, key, reason });
  draft.effects.push({ kind: "page", pager, key, reason });
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
