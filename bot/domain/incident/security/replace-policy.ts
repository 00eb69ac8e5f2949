import type { Command, DecisionReason } from "../command.ts";
import { changeIncident, changeRound, type Draft, noteEvent } from "../draft.ts";
import type { PageReason, StepProgress } from "../incident.ts";
import type { Policy, Step } from "../policy.ts";
import { hasLeft, withdrawPage } from "./pager-progress.ts";

/**
 * Goes on under the policy of now, because the one before names what has left the configuration (rule 6). It is a new
 * round, so that no page gets the key of another one's, and all that people and guards said stands. Steps have their
 * own moments, counted from when the round began, and none is later than all of the policy before would have been; what
 * was done through what is still there is not done again, and stands for one step each. Where a pager that has left was
 * called on, the first page is due now.
 */
export function replacePolicy(
  draft: Draft,
  { policy: hash, former, gone }: Extract<Command, { kind: "replace-policy" }>,
): DecisionReason {
  const { incident, policy, now } = draft;
  const { round, formerPolicies = [] } = incident;
  const before = former.steps.flatMap((step, index) => {
    const progress = round.steps[index];
    return progress === undefined ? [] : [{ step, progress }];
  });
  const reason = toReason(before);
  const isAllDue = before.every(({ progress }) => progress.dueAt <= now);
  const wasCalledOn = before.some(
    ({ step, progress }) => isOf(step, gone) && (isBegun(progress) || isBrought(progress)),
  );
  for (const [pager, progress] of Object.entries(incident.pagers)) {
    if (gone.includes(pager) && !hasLeft(progress)) withdrawPage(draft, pager);
  }
  changeIncident(draft, {
    policy: hash,
    formerPolicies: [...formerPolicies, { lastRound: round.number, pagers: toPagers(former), gone }],
  });
  let isCalledOnNext = wasCalledOn && round.calledOffAt === null;
  const begun = new Set(before.filter(({ progress }) => isBegun(progress)));
  const steps = policy.steps.map((step): StepProgress => {
    const done = [...begun].find((each) => isSame(each.step, step));
    if (done !== undefined) {
      begun.delete(done);
      return done.progress;
    }
    const isPage = step.kind === "page";
    const isDue = isAllDue || (isPage && isCalledOnNext);
    if (isPage) isCalledOnNext = false;
    const dueAt = Math.min(round.startedAt + step.afterMs, isDue ? now : Number.POSITIVE_INFINITY);
    return { state: "waiting", dueAt, reason: isPage && isDue ? reason : null, sentAt: null };
  });
  changeRound(draft, { number: round.number + 1, steps });
  noteEvent(draft, { kind: "policy-replaced", gone });
  return "policy-replaced";
}

interface Before {
  readonly step: Step;
  readonly progress: StepProgress;
}

/**
 * Why pages went out last under the policy before, and what holds nothing back first; null: at most because nobody was
 * coming, which is looked at again.
 */
function toReason(before: readonly Before[]): PageReason | null {
  const reasons = before.flatMap(({ step, progress }) => (step.kind === "page" ? (progress.reason ?? []) : []));
  const reason = reasons.find((each) => each === "help" || each === "check") ?? reasons.at(-1) ?? null;
  return reason === "unclaimed" ? null : reason;
}

function toPagers({ steps }: Policy): readonly (string | null)[] {
  return steps.map((step) => (step.kind === "page" ? step.pager : null));
}

function isBegun({ state }: StepProgress): boolean {
  return state !== "waiting" && state !== "held";
}

/** Whether it is due sooner than at its own moment. */
function isBrought({ reason }: StepProgress): boolean {
  return reason !== null;
}

function isOf(step: Step, pagers: readonly string[]): boolean {
  return step.kind === "page" && pagers.includes(step.pager);
}

function isSame(one: Step, other: Step): boolean {
  if (one.kind === "tell" || other.kind === "tell")
    return one.kind === "tell" && other.kind === "tell" && one.channel === other.channel;
  return one.kind === other.kind && one.pager === other.pager;
}
