import { formatKey } from "../message-key.ts";
import type { Person } from "../person.ts";
import { askMore, hasAnswered, notifyOnDuty, queueDelivery } from "./colleagues/deliveries.ts";
import { endOccupations, findNobodyFree, nextEndOf, noteOccupied, toAskable } from "./colleagues/occupied.ts";
import { takeBack } from "./colleagues/take-back.ts";
import { changeIncident, changeRound, changeStep, type Draft, isPresser, noteEvent, stepsOf } from "./draft.ts";
import type { Incident, PageReason } from "./incident.ts";
import { isDeferred } from "./is-deferred.ts";
import type { Step } from "./policy.ts";
import {
  comingOf,
  countResponding,
  guardsComing,
  hasArrived,
  hasGuardLapsed,
  isGuardComing,
  isGuardThere,
  isSilent,
  lastCheckInAt,
  thereOf,
} from "./presence.ts";
import { bringPageForward, startLoudRound, toRepeatAt } from "./round.ts";
import { toEarlier } from "./security/pager-progress.ts";

/** Does everything that is due. Runs at the end of every decision on an open incident. */
export function advanceIncident(draft: Draft): void {
  // What is written only now may be older than that.
  takeBack(draft);
  endOccupations(draft);
  lapseClaims(draft);
  loseTeams(draft);
  noticeAllDeclined(draft);
  checkPresence(draft);
  lapseGuards(draft);
  if (isUnattendedAfterCallOff(draft.incident)) startLoudRound(draft, "repeat");
  takeSteps(draft);
  const repeatAt = toRepeatAt(draft.incident, draft.policy);
  if (repeatAt !== null && repeatAt <= draft.now && !isDeferred(draft, null)) {
    startLoudRound(draft, "repeat");
    takeSteps(draft);
  }
  askMore(draft);
}

/**
 * The next moment at which `advanceIncident` has something to do; null when the incident is closed. Every open one has
 * such a moment (rule 18).
 */
export function toNextAt(draft: Draft): number | null {
  const { incident, policy } = draft;
  const { round } = incident;
  if (incident.closedAt !== null) return null;
  const moments = round.steps.filter((progress) => progress.state === "waiting").map((progress) => progress.dueAt);
  const lapsesAt = claimsLapseAt(draft);
  if (lapsesAt !== null) moments.push(lapsesAt);
  if (isAwaitingTeams(incident)) moments.push(incident.openedAt + policy.teamsWithinMs);
  const checkAt = nextCheckAt(draft);
  if (checkAt !== null) moments.push(checkAt);
  moments.push(...guardsComing(incident).map(({ since }) => since + policy.guardWithinMs));
  const repeatAt = toRepeatAt(incident, policy);
  if (repeatAt !== null && !isDeferred(draft, null)) moments.push(repeatAt);
  const endsAt = nextEndOf(incident);
  if (endsAt !== null) moments.push(endsAt);
  return Math.min(...moments);
}

/** Gives up waiting for the card in Teams: the first page step, unless it is out already, is due now (rule 16). */
export function giveUpTeams(draft: Draft, reason: LateCardReason): void {
  if (!isAwaitingTeams(draft.incident)) return;
  changeIncident(draft, { teamsLostAt: draft.now });
  noteEvent(draft, { kind: reason });
  const first = stepsOf(draft).find(({ step }) => step.kind === "page");
  if (first?.progress.state === "waiting" || first?.progress.state === "held") bringPageForward(draft, reason);
}

type LateCardReason = Extract<PageReason, "teams-busy" | "teams-unreachable">;

/** Why the card is not there: of a Teams that takes no more messages now nobody may say that it can't be reached. */
function toLateCardReason({ isTeamsBusy }: Draft): LateCardReason {
  return isTeamsBusy ? "teams-busy" : "teams-unreachable";
}

function loseTeams(draft: Draft): void {
  if (draft.now >= draft.incident.openedAt + draft.policy.teamsWithinMs) giveUpTeams(draft, toLateCardReason(draft));
}

function isAwaitingTeams(incident: Incident): boolean {
  return incident.cardPostedAt === null && incident.teamsLostAt === null;
}

/** Records that nobody arrived in time, and brings the next page forward, because a claim is a promise (rule 10). */
function lapseClaims(draft: Draft): void {
  const at = claimsLapseAt(draft);
  if (at === null || draft.now < at) return;
  const people = comingOf(draft.incident).map((responder) => responder.person);
  changeRound(draft, { lapsedAt: draft.now });
  noteEvent(draft, { kind: "lapsed", people });
  bringPageForward(draft, "lapsed");
}

function claimsLapseAt({ incident, policy }: Draft): number | null {
  const { firstClaimAt, lapsedAt } = incident.round;
  if (firstClaimAt === null || lapsedAt !== null || hasArrived(incident)) return null;
  return firstClaimAt + policy.arriveWithinMs;
}

/** Pages when everybody on duty has declined (rule 9). */
function noticeAllDeclined(draft: Draft): void {
  const { round, responders } = draft.incident;
  if (round.allDeclinedAt !== null || round.onDuty === null || round.onDuty.length === 0) return;
  const declined = responders.filter((responder) => responder.state === "declined").map((each) => each.person.id);
  // Somebody who pressed since the round began can't come either, and may not decline.
  const able = round.onDuty.filter((person) => !isPresser(draft.incident, person));
  if (!able.every((person) => declined.includes(person.id))) {
    noticeNobodyFree(draft);
    return;
  }
  changeRound(draft, { allDeclinedAt: draft.now });
  noteEvent(draft, { kind: "all-declined" });
  bringPageForward(draft, "declined");
}

/** Pages when all of those who have not declined are in an alarm already, so that nobody can be asked (rule 7). */
function noticeNobodyFree(draft: Draft): void {
  const { incident, policy, occupied } = draft;
  const people = findNobodyFree(incident, policy, occupied);
  if (incident.round.nobodyFreeAt !== undefined || people.length === 0) return;
  changeRound(draft, { nobodyFreeAt: draft.now });
  noteEvent(draft, { kind: "nobody-free" });
  noteOccupied(draft, toAskable(draft, people).occupied ?? []);
  bringPageForward(draft, "nobody-free");
}

/** Asks those who are there whether all is well, and pages when no answer comes (rule 11). */
function checkPresence(draft: Draft): void {
  const at = nextCheckAt(draft);
  if (at === null) {
    if (draft.incident.round.checkAskedAt !== null) changeRound(draft, { checkAskedAt: null });
    return;
  }
  if (draft.now < at) return;
  const people: Person[] = thereOf(draft.incident).map((responder) => responder.person);
  if (draft.incident.round.checkAskedAt === null) {
    changeRound(draft, { checkAskedAt: draft.now });
    noteEvent(draft, { kind: "check-asked", people });
    return;
  }
  const { responders, round } = draft.incident;
  const silent = responders.map((responder) =>
    responder.state === "there" ? { ...responder, silentAt: responder.silentAt ?? draft.now } : responder,
  );
  const guards = round.guards.map((guard) =>
    guard.state === "there" ? { ...guard, silentAt: guard.silentAt ?? draft.now } : guard,
  );
  changeIncident(draft, { responders: silent });
  changeRound(draft, { checkAskedAt: null, guards });
  noteEvent(draft, { kind: "check-missed" });
  if (!bringPageForward(draft, "check")) startLoudRound(draft, "check");
}

/** Whether nobody is there any more after somebody called security off. Then all goes out again under new keys. */
function isUnattendedAfterCallOff(incident: Incident): boolean {
  if (incident.round.calledOffAt === null || thereOf(incident).length > 0) return false;
  return !isGuardComing(incident) && !isGuardThere(incident);
}

function nextCheckAt({ incident, policy }: Draft): number | null {
  const signAt = lastCheckInAt(incident);
  if (signAt === null) return null;
  const { checkAskedAt } = incident.round;
  return checkAskedAt === null ? signAt + policy.checkAfterMs : checkAskedAt + policy.checkAnswerWithinMs;
}

/** Ends the promises of guards who are not there in time (rule 15). */
function lapseGuards(draft: Draft): void {
  const late = guardsComing(draft.incident).filter(({ since }) => draft.now >= since + draft.policy.guardWithinMs);
  if (late.length === 0) return;
  const { guards } = draft.incident.round;
  changeRound(draft, {
    guards: guards.map((guard) => (late.includes(guard) ? { ...guard, lapsedAt: draft.now } : guard)),
  });
  for (const { pager, who } of late) noteEvent(draft, { kind: "guard-lapsed", pager, who });
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
      if (step.kind === "call") queueCalls(draft, step.pager, index);
      else queuePage(draft, step.pager, index, progress.reason ?? toPageReason(draft));
    } else if (progress.state === "waiting") {
      changeStep(draft, index, { state: "held" });
      if (step.kind === "page") noteEvent(draft, { kind: "page-held", pager: step.pager });
    }
  }
}

/** Calls the colleagues on duty who have not answered yet, but nobody who pressed, asked for help or is occupied. */
function queueCalls(draft: Draft, pager: string, index: number): void {
  const { id, round } = draft.incident;
  const unanswered = (draft.onDuty ?? []).filter((person) => !hasAnswered(draft.incident, person));
  const { free: people = [], occupied = [] } = toAskable(draft, unanswered);
  changeStep(draft, index, { state: "told", sentAt: draft.now });
  noteOccupied(draft, occupied);
  if (people.length === 0) return;
  noteEvent(draft, { kind: "called", people, pager });
  for (const person of people) {
    const key = formatKey({ kind: "call", incident: id, round: round.number, step: index, person: person.id });
    queueDelivery(draft, person, "call", key);
    draft.effects.push({ kind: "call", pager, person, key });
  }
}

/** Notifies the people on duty in the incident's own channel, which has the card; another channel gets a notice. */
function notifyChannel(draft: Draft, { channel, afterMs }: Extract<Step, { kind: "tell" }>, step: number): void {
  if (channel === draft.incident.channel) {
    const isRung = notifyOnDuty(draft);
    // At 0 s the card is enough; later, when there is nobody to mention, a reply in the thread is posted.
    if (!isRung && afterMs > 0) noteEvent(draft, { kind: "told", channel });
    return;
  }
  noteEvent(draft, { kind: "told", channel });
  draft.effects.push({ kind: "notice", channel, round: draft.incident.round.number, step });
}

function queuePage(draft: Draft, pager: string, index: number, reason: PageReason): void {
  const { id, round, pagers } = draft.incident;
  const key = formatKey({ kind: "page", incident: id, round: round.number, step: index });
  changeStep(draft, index, { state: "queued", reason, sentAt: draft.now });
  // Only a page for `unclaimed` can still be withheld. Any other goes out, so from here on claims hold nothing back
  // (rule 13).
  if (reason !== "unclaimed") changeRound(draft, { pagedAt: round.pagedAt ?? draft.now });
  const earlier = toEarlier(pagers[pager]);
  const queued = { key, reason, state: "queued", at: draft.now, failure: null, callOff: null, earlier } as const;
  changeIncident(draft, { pagers: { ...pagers, [pager]: queued } });
  changeRound(draft, { calledOffAt: null });
  noteEvent(draft, { kind: "page-queued", pager, key, reason, responding: countResponding(draft.incident) });
  draft.effects.push({ kind: "page", pager, key, reason });
}

/**
 * The reason of a page that goes out at its step's own moment. It follows from the present state of the incident, not
 * from why an earlier page went out.
 */
function toPageReason(draft: Draft): PageReason {
  const { incident } = draft;
  const { round, cardPostedAt, teamsLostAt } = incident;
  const isNobodyComing = countResponding(incident) === 0;
  if (round.helpAskedAt !== null) return "help";
  if (isSilent(incident)) return "check";
  if (round.lapsedAt !== null || hasGuardLapsed(incident)) return "lapsed";
  if (round.onDuty?.length === 0 && isNobodyComing) return "nobody-on-duty";
  if (round.allDeclinedAt !== null && isNobodyComing) return "declined";
  if (isNobodyComing && findNobodyFree(incident, draft.policy, draft.occupied).length > 0) return "nobody-free";
  if (teamsLostAt !== null && cardPostedAt === null) return toLateCardReason(draft);
  return "unclaimed";
}
