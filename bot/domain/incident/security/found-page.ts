import { parsePageKey } from "../../message-key.ts";
import { change, changeStep, type Draft, stepsOf } from "../draft.ts";
import type { PagerProgress, StepProgress } from "../incident.ts";

/** A page of that incident, by its key. */
export interface FoundPage {
  readonly pager: string;
  /** null when the page is of an earlier round. */
  readonly current: { readonly progress: StepProgress; readonly index: number } | null;
}

/** The page with that key; null when it never was. */
export function findPage(draft: Draft, key: string): FoundPage | null {
  const parsed = parsePageKey(key);
  if (parsed === null || parsed.incident !== draft.incident.id || parsed.round > draft.incident.round.number)
    return null;
  const at = stepsOf(draft).find(({ index }) => index === parsed.step);
  if (at?.step.kind !== "page" || parsed.round < 1) return null;
  return { pager: at.step.pager, current: parsed.round === draft.incident.round.number ? at : null };
}

/** Notes on its step how the page stands; a page of an earlier round, or of a step that was taken back, has none. */
export function changePageStep(draft: Draft, { current }: FoundPage, state: StepProgress["state"]): void {
  if (current !== null && current.progress.sentAt !== null) changeStep(draft, current.index, { state });
}

/** Notes on its pager how the page stands. */
export function changePager(draft: Draft, pager: string, key: string, part: Partial<PagerProgress>): void {
  const before = draft.incident.pagers[pager];
  if (before === undefined) return;
  const progress: PagerProgress = { ...before, ...part, key: before.key };
  // A guard may answer the link of an earlier page: what counts is that a human of this pager answered.
  const isHuman = part.state === "answered" || part.failure === "guard-declined";
  if (before.key !== key && !isHuman) return;
  change(draft, { pagers: { ...draft.incident.pagers, [pager]: progress } });
}

/** Makes the next page due now, because this one reaches nobody (rule 14). */
export function bringNextPageForward(draft: Draft, { pager, current }: FoundPage): void {
  const next = stepsOf(draft).find(({ step, progress }) => step.kind === "page" && progress.state === "waiting");
  if (next === undefined) return;
  const reason = current?.progress.reason ?? draft.incident.pagers[pager]?.reason ?? null;
  changeStep(draft, next.index, { dueAt: draft.now, reason: next.progress.reason ?? reason });
}
