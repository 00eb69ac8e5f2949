import { notifyOnDuty } from "./colleagues/deliveries.ts";
import { changeIncident, changeRound, changeStep, type Draft, noteEvent, stepsOf, withoutPressers } from "./draft.ts";
import type { RoundReason } from "./history.ts";
import type { Incident, PageReason, Responder, Round } from "./incident.ts";
import type { Policy } from "./policy.ts";
import { hasComeSince } from "./presence.ts";

/**
 * When everything goes out again: `repeatEvery` after the round's last page (rule 14), in epoch milliseconds; null
 * while a page step is waiting or held.
 */
export function toRepeatAt({ round }: Incident, policy: Policy): number | null {
  const pages = round.steps.filter((_, index) => policy.steps[index]?.kind === "page");
  if (pages.some(({ state }) => state === "waiting" || state === "held")) return null;
  return Math.max(...pages.map(({ sentAt }) => sentAt ?? round.startedAt)) + policy.repeatEveryMs;
}

/** Makes the round of a press: each step has its own moment, counted from `now`. */
export function toPressRound(number: number, policy: Policy, now: number, onDuty: Round["onDuty"]): Round {
  return {
    number,
    startedAt: now,
    firstClaimAt: null,
    lapsedAt: null,
    allDeclinedAt: null,
    pagedAt: null,
    checkAskedAt: null,
    calledOffAt: null,
    helpAskedAt: null,
    helpAskedBy: null,
    guards: [],
    onDuty,
    steps: policy.steps.map((step) => ({ state: "waiting", dueAt: now + step.afterMs, reason: null, sentAt: null })),
  };
}

/**
 * Starts a round for a press after an arrival or a guard's acceptance: nobody counts as coming until they click again
 * (rule 3), but for who did after that press, where it is written late.
 */
export function startPressRound(draft: Draft): void {
  const { round, responders } = draft.incident;
  const come = responders.filter((each) => hasComeSince(each, draft));
  const claims = come.filter(({ state }) => state === "coming").map(({ since }) => since);
  changeIncident(draft, {
    responders: responders.map((each) => (come.includes(each) ? each : toAsked(each, draft.now))),
    deliveries: [],
    round: {
      ...toPressRound(round.number + 1, draft.policy, draft.now, onDutyNow(draft)),
      firstClaimAt: claims.length === 0 ? null : Math.min(...claims),
    },
  });
  noteEvent(draft, { kind: "round-started", round: round.number + 1, reason: "press" });
  if (round.helpAskedAt !== null) {
    // A new press must not withdraw a call for help, so the new round pages for help at once.
    changeRound(draft, { helpAskedAt: round.helpAskedAt, helpAskedBy: round.helpAskedBy, pagedAt: round.pagedAt });
    bringPageForward(draft, "help");
  }
  pageWhenNobodyIsOnDuty(draft);
}

function toAsked({ helpAt, ...responder }: Responder, since: number): Responder {
  // Whoever asked for help may be beside the aggressor still, unless they left.
  const helping = helpAt !== undefined && responder.state !== "declined" ? { helpAt } : {};
  return { ...responder, ...helping, state: "none", since, signAt: null, silentAt: null };
}

/**
 * Pages for help and rings the colleagues on duty, both at once: the next page step, and with no step left a new round
 * (rule 11).
 */
export function pageForHelp(draft: Draft, by: "colleague" | "guard"): void {
  changeRound(draft, { helpAskedAt: draft.now, helpAskedBy: by });
  if (bringPageForward(draft, "help")) notifyOnDuty(draft);
  else startLoudRound(draft, "help");
}

/**
 * Starts a round in which every step is due at once, so that it is never quieter than the one before (rule 14). People
 * who are coming stay on the card, and who could not come is asked again. `told`: why, as people read it.
 */
export function startLoudRound(draft: Draft, reason: "repeat" | "help" | "check", told: RoundReason = reason): void {
  const { round } = draft.incident;
  changeRound(draft, {
    number: round.number + 1,
    startedAt: draft.now,
    pagedAt: round.pagedAt ?? draft.now,
    calledOffAt: null,
    guards: round.guards.filter(({ state }) => state !== "declined"),
    onDuty: onDutyNow(draft),
    steps: draft.policy.steps.map(() => ({ state: "waiting", dueAt: draft.now, reason, sentAt: null })),
  });
  noteEvent(draft, { kind: "round-started", round: round.number + 1, reason: told });
}

/** Pages at once when a roster is configured and nobody is on duty, and records why (rule 9). */
export function pageWhenNobodyIsOnDuty(draft: Draft): void {
  if (draft.incident.round.onDuty?.length !== 0) return;
  noteEvent(draft, { kind: "nobody-on-duty" });
  bringPageForward(draft, "nobody-on-duty");
}

/**
 * Makes the first page step that was not sent due now, for that reason. Answers false when no step is left, or when
 * security was called off: guards who were told not to come need a page with a new key, so a new round.
 */
export function bringPageForward(draft: Draft, reason: PageReason): boolean {
  if (draft.incident.round.calledOffAt !== null) return false;
  const next = stepsOf(draft).find(
    ({ step, progress }) => step.kind === "page" && (progress.state === "waiting" || progress.state === "held"),
  );
  if (next === undefined) return false;
  changeStep(draft, next.index, { state: "waiting", dueAt: draft.now, reason });
  return true;
}

function onDutyNow(draft: Draft): Round["onDuty"] {
  return withoutPressers(draft.incident, draft.onDuty);
}
