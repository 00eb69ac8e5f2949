import type { Incident, PageReason, Responder, Round } from "./incident.ts";
import type { Policy } from "./policy.ts";
import { change, changeRound, changeStep, note, stepsOf, type Turn, withoutPressers } from "./turn.ts";

/**
 * When everything goes out again: `repeatEvery` after the round's last page (rule 14), in epoch milliseconds; null
 * while a page step is still to come or held.
 */
export function toRepeatAt({ round }: Incident, policy: Policy): number | null {
  const pages = round.steps.filter((_, index) => policy.steps[index]?.kind === "page");
  if (pages.some(({ state }) => state === "waiting" || state === "held")) return null;
  return Math.max(...pages.map(({ sentAt }) => sentAt ?? round.startedAt)) + policy.repeatEveryMs;
}

/** The round of a press: all steps at their own moments, counted from now. */
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
    guard: null,
    onDuty,
    steps: policy.steps.map((step) => ({ state: "waiting", dueAt: now + step.afterMs, reason: null, sentAt: null })),
  };
}

/** A press after an arrival or a guard's acceptance: nobody counts as coming until they click again (rule 3). */
export function startPressRound(turn: Turn): void {
  const { round, responders } = turn.incident;
  const asked: Responder[] = responders.map((responder) => ({
    ...responder,
    state: "none",
    since: turn.now,
    signAt: null,
    silentAt: null,
  }));
  change(turn, {
    responders: asked,
    deliveries: [],
    round: toPressRound(round.number + 1, turn.policy, turn.now, onDutyNow(turn)),
  });
  note(turn, { kind: "round-started", round: round.number + 1, reason: "press" });
  if (round.helpAskedAt !== null) {
    // A second cry never makes it quieter: help goes on being called.
    changeRound(turn, { helpAskedAt: round.helpAskedAt, pagedAt: round.pagedAt });
    hastenPage(turn, "help");
  }
  pageWhenNobodyIsOnDuty(turn);
}

/** All that was there goes out again, at once: never quieter than before (rule 14). Who is coming stays on the card. */
export function startLoudRound(turn: Turn, reason: "repeat" | "help" | "check"): void {
  const { round } = turn.incident;
  changeRound(turn, {
    number: round.number + 1,
    startedAt: turn.now,
    pagedAt: round.pagedAt ?? turn.now,
    calledOffAt: null,
    onDuty: onDutyNow(turn),
    steps: turn.policy.steps.map(() => ({ state: "waiting", dueAt: turn.now, reason, sentAt: null })),
  });
  note(turn, { kind: "round-started", round: round.number + 1, reason });
}

/** Rule 9: a roster with nobody on duty pages at once, and says so. */
export function pageWhenNobodyIsOnDuty(turn: Turn): void {
  if (turn.incident.round.onDuty?.length !== 0) return;
  note(turn, { kind: "nobody-on-duty" });
  hastenPage(turn, "nobody-on-duty");
}

/**
 * Makes the first page step not sent due now, for a reason of its own; false when no step is left, or when those who
 * were paged were told that nobody need come: then they have to hear it anew.
 */
export function hastenPage(turn: Turn, reason: PageReason): boolean {
  if (turn.incident.round.calledOffAt !== null) return false;
  const next = stepsOf(turn).find(
    ({ step, progress }) => step.kind === "page" && (progress.state === "waiting" || progress.state === "held"),
  );
  if (next === undefined) return false;
  changeStep(turn, next.index, { state: "waiting", dueAt: turn.now, reason });
  return true;
}

function onDutyNow(turn: Turn): Round["onDuty"] {
  return withoutPressers(turn.incident, turn.onDuty);
}
