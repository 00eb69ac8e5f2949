import { type PageKey, parsePageKey } from "../../message-key.ts";
import { changeIncident, changeStep, type Draft, stepsOf } from "../draft.ts";
import type { FormerPolicy, Incident, PagerProgress, StepProgress } from "../incident.ts";
import type { Policy } from "../policy.ts";

/** A page of that incident, by its key. */
export interface FoundPage {
  readonly pager: string;
  /** Its step; null when the page is of an earlier round, and this one has no step for which it stands. */
  readonly current: { readonly progress: StepProgress; readonly index: number } | null;
  /** Whether its pager has left the configuration since (rule 6). */
  readonly isGone: boolean;
}

/**
 * The pager of the page with that key, also under an earlier policy, or of a round that only memory has seen; null when
 * the incident has no such page.
 */
export function pagerOfPage(incident: Incident, policy: Policy, key: PageKey): string | null {
  if (key.incident !== incident.id || key.round < 1) return null;
  const former = formerPolicyOf(incident, key);
  if (former !== null) return former.pagers[key.step] ?? null;
  const step = policy.steps[key.step];
  return step?.kind === "page" ? step.pager : null;
}

/** Finds the page that is about to be sent, or was, under that key; null when no round of this incident has one. */
export function findPage(draft: Draft, key: string): FoundPage | null {
  const { number } = draft.incident.round;
  return (parsePageKey(key)?.round ?? 0) > number ? null : findAnsweredPage(draft, key);
}

/** Finds the page with that key that a guard answers, as `pagerOfPage`; null when this incident can't have one. */
export function findAnsweredPage(draft: Draft, key: string): FoundPage | null {
  const parsed = parsePageKey(key);
  const pager = parsed && pagerOfPage(draft.incident, draft.policy, parsed);
  if (parsed === null || pager === null) return null;
  const isCurrent = parsed.round === draft.incident.round.number;
  const own = isCurrent ? stepsOf(draft).find(({ index }) => index === parsed.step) : findTakenOver(draft, pager, key);
  const current = own ?? null;
  return { pager, current, isGone: formerPolicyOf(draft.incident, parsed)?.gone.includes(pager) ?? false };
}

/** Finds the step for which the newest page of that pager stands since the policy was replaced. */
function findTakenOver(draft: Draft, pager: string, key: string) {
  if (draft.incident.pagers[pager]?.key !== key) return undefined;
  // A step of this round that paged by itself has a page of this round.
  return stepsOf(draft).findLast(({ step, progress }) => {
    return step.kind === "page" && step.pager === pager && progress.sentAt !== null;
  });
}

function formerPolicyOf({ formerPolicies = [] }: Incident, { round }: PageKey): FormerPolicy | null {
  return formerPolicies.find(({ lastRound }) => round <= lastRound) ?? null;
}

/** Records the state of a page on its step, unless the page is of an earlier round or its step was taken back. */
export function changePageStep(draft: Draft, { current }: FoundPage, state: StepProgress["state"]): void {
  if (current !== null && current.progress.sentAt !== null) changeStep(draft, current.index, { state });
}

/** Records a change of a page on its pager. */
export function changePager(draft: Draft, pager: string, key: string, part: Partial<PagerProgress>): void {
  const before = draft.incident.pagers[pager];
  if (before === undefined) return;
  const progress: PagerProgress = { ...before, ...part, key: before.key };
  // A guard may answer through the link of an earlier page; it counts, because a human of this pager answered.
  const isHuman = part.state === "answered" || part.failure === "guard-declined";
  if (before.key !== key && !isHuman) return;
  changeIncident(draft, { pagers: { ...draft.incident.pagers, [pager]: progress } });
}

/** Makes the next page step due now, because this page reaches nobody (rule 14). */
export function bringNextPageForward(draft: Draft, { pager, current }: FoundPage): void {
  const next = stepsOf(draft).find(({ step, progress }) => step.kind === "page" && progress.state === "waiting");
  if (next === undefined) return;
  const reason = current?.progress.reason ?? draft.incident.pagers[pager]?.reason ?? null;
  changeStep(draft, next.index, { dueAt: draft.now, reason: next.progress.reason ?? reason });
}
