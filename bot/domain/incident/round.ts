import { change, changeRound, changeStep, type Draft, note, stepsOf, withoutPressers } from "./draft.ts";
import type { Incident, PageReason, Responder, Round } from "./incident.ts";
import type { Policy } from "./policy.ts";

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
export function startPressRound(draft: Draft): void {
  const { round, responders } = draft.incident;
  const asked: Responder[] = responders.map((responder) => ({
    ...responder,
    state: "none",
    since: draft.now,
    signAt: null,
    silentAt: null,
  }));
  change(draft, {
    responders: asked,
    deliveries: [],
    round: toPressRound(round.number + 1, draft.policy, draft.now, onDutyNow(draft)),
  });
  note(draft, { kind: "round-started", round: round.number + 1, reason: "press" });
  if (round.helpAskedAt !== null) {
    // A second cry never makes it quieter: help goes on being called.
    changeRound(draft, { helpAskedAt: round.helpAskedAt, pagedAt: round.pagedAt });
    bringPageForward(draft, "help");
  }
  pageWhenNobodyIsOnDuty(draft);
}

/** All that was there goes out again, at once: never quieter than before (rule 14). Who is coming stays on the card. */
export function startLoudRound(draft: Draft, reason: "repeat" | "help" | "check"): void {
  const { round } = draft.incident;
  changeRound(draft, {
    number: round.number + 1,
    startedAt: draft.now,
    pagedAt: round.pagedAt ?? draft.now,
    calledOffAt: null,
    onDuty: onDutyNow(draft),
    steps: draft.policy.steps.map(() => ({ state: "waiting", dueAt: draft.now, reason, sentAt: null })),
  });
  note(draft, { kind: "round-started", round: round.number + 1, reason });
}

/** Rule 9: a roster with nobody on duty pages at once, and says so. */
export function pageWhenNobodyIsOnDuty(draft: Draft): void {
  if (draft.incident.round.onDuty?.length !== 0) return;
  note(draft, { kind: "nobody-on-duty" });
  bringPageForward(draft, "nobody-on-duty");
}

/**
 * Makes the first page step not sent due now, for a reason of its own; false when no step is left, or when those who
 * were paged were told that nobody need come: then they have to hear it anew.
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
