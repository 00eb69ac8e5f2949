import type { Person } from "../../person.ts";
import type { DecisionReason } from "../command.ts";
import { changeIncident, changeRound, changeStep, type Draft, noteEvent, stepsOf } from "../draft.ts";
import { type CallOff, type DeliveryFailure, isReportedLater, type PagerProgress } from "../incident.ts";
import { hasLeft, withdrawPage } from "./pager-progress.ts";

/**
 * "Beveiliging hoeft niet meer te komen", by somebody who is there: calls the guards off, and leaves the incident open.
 */
export function callOff(draft: Draft, by: Person): DecisionReason {
  const { guards, helpAskedAt, checkAskedAt } = draft.incident.round;
  // While somebody asked for help, or has been asked whether they are safe, nobody may send help away.
  if (helpAskedAt !== null || checkAskedAt !== null) return "not-allowed";
  const mayBeCalledOff = Object.values(draft.incident.pagers).some(({ callOff }) => callOff === null);
  if (!mayBeCalledOff) return "already-so";
  holdQueued(draft);
  changeRound(draft, { calledOffAt: draft.now, guards: guards.filter(({ state }) => state === "there") });
  noteEvent(draft, { kind: "called-off", by });
  return "called-off";
}

/** Holds pages that have not been sent yet, as an arrival would (rule 11). */
function holdQueued(draft: Draft): void {
  for (const { step, progress, index } of stepsOf(draft)) {
    if (step.kind !== "page" || progress.state !== "queued") continue;
    changeStep(draft, index, { state: "held", reason: null, sentAt: null });
  }
}

/**
 * The pagers to which updates and call-offs go. Left out are those whose page was not sent yet, because it will say
 * everything itself; was refused; or was called off already.
 */
export function pagersToUpdate(draft: Draft): [pager: string, progress: PagerProgress][] {
  return Object.entries(draft.incident.pagers).filter(([, progress]) => hasLeft(progress) && progress.callOff === null);
}

/** Calls off every page that was sent, and withdraws those that were not. */
export function callOffPages(draft: Draft): void {
  for (const [pager, progress] of Object.entries(draft.incident.pagers)) {
    const isTakenBack = progress.state === "queued" || (!hasLeft(progress) && progress.earlier.length > 0);
    if (isTakenBack) withdrawPage(draft, pager);
  }
  for (const [pager, { key }] of pagersToUpdate(draft)) {
    setCallOff(draft, pager, "queued");
    draft.effects.push({ kind: "call-off", pager, key });
  }
}

/** Records that the provider has the call-off. */
export function takeCallOff(draft: Draft, page: string): DecisionReason {
  const pager = findPagerOf(draft, page);
  if (pager === null) return "already-so";
  setCallOff(draft, pager, "taken");
  noteEvent(draft, { kind: "call-off-taken", pager });
  return "call-off-taken";
}

/** Records that the call-off did not arrive, or that this route can't carry one, so that a human has to phone. */
export function failCallOff(draft: Draft, page: string, reason: DeliveryFailure | "impossible"): DecisionReason {
  const pager = findPagerOf(draft, page) ?? (isReportedLater(reason) ? findPagerOf(draft, page, "taken") : null);
  if (pager === null) return "already-so";
  setCallOff(draft, pager, reason === "impossible" ? "impossible" : "failed");
  noteEvent(draft, { kind: "call-off-failed", pager, reason });
  return "call-off-failed";
}

/** The pager whose newest page has that key, when its call-off is in that state; null when there is none. */
function findPagerOf(draft: Draft, page: string, state: CallOff["state"] = "queued"): string | null {
  const pagers = Object.entries(draft.incident.pagers);
  return pagers.find(([, { key, callOff }]) => key === page && callOff?.state === state)?.[0] ?? null;
}

function setCallOff(draft: Draft, pager: string, state: CallOff["state"]): void {
  const progress = draft.incident.pagers[pager];
  if (progress === undefined) return;
  const callOff = { at: draft.now, state };
  changeIncident(draft, { pagers: { ...draft.incident.pagers, [pager]: { ...progress, callOff } } });
}
