import { parsePageKey } from "../../message-key.ts";
import { changeIncident, changeStep, type Draft, stepsOf } from "../draft.ts";
import type { PagerProgress, StepProgress } from "../incident.ts";

/** A page of that incident, by its key. */
export interface FoundPage {
  readonly pager: string;
  /** Its step; null when the page is of an earlier round. */
  readonly current: { readonly progress: StepProgress; readonly index: number } | null;
}

/** Finds the page with that key; null when this incident has none. */
export function findPage(draft: Draft, key: string): FoundPage | null {
  const parsed = parsePageKey(key);
  if (parsed === null || parsed.incident !== draft.incident.id || parsed.round > draft.incident.round.number)
    return null;
  const at = stepsOf(draft).find(({ index }) => index === parsed.step);
  if (at?.step.kind !== "page" || parsed.round < 1) return null;
  return { pager: at.step.pager, current: parsed.round === draft.incident.round.number ? at : null };
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
