import type { Person } from "../../person.ts";
import type { DecisionReason } from "../command.ts";
import { change, changeRound, changeStep, type Draft, isPresser, note, stepsOf } from "../draft.ts";
import { type CallOff, type DeliveryFailure, isReportedLater, type PagerProgress } from "../incident.ts";
import { isGuardThere, thereOf } from "../presence.ts";
import { hasLeft, withdrawPage } from "./pager-progress.ts";

/** "Beveiliging hoeft niet meer te komen", by somebody who is there: ends no incident, and only the guard's errand. */
export function callOff(draft: Draft, by: Person): DecisionReason {
  if (isPresser(draft.incident, by)) return "presser";
  if (!thereOf(draft.incident).some(({ person }) => person.id === by.id)) return "not-there";
  const { guard, helpAskedAt, checkAskedAt } = draft.incident.round;
  // Somebody asked for help, or is asked whether they are safe: nobody sends help away then.
  if (helpAskedAt !== null || checkAskedAt !== null) return "not-allowed";
  const isSomethingOut = Object.values(draft.incident.pagers).some(({ callOff }) => callOff === null);
  if (!isSomethingOut) return "already-so";
  holdQueued(draft);
  changeRound(draft, {
    calledOffAt: draft.now,
    guard: isGuardThere(draft.incident) ? guard : null,
  });
  note(draft, { kind: "called-off", by });
  return "called-off";
}

/** What has not left yet never does: its step is held, as by somebody who arrived (rule 11). */
function holdQueued(draft: Draft): void {
  for (const { step, progress, index } of stepsOf(draft)) {
    if (step.kind !== "page" || progress.state !== "queued") continue;
    changeStep(draft, index, { state: "held", reason: null, sentAt: null });
  }
}

/**
 * The pagers that hear what is new. A page that still waits will say it by itself, one that was refused is not there,
 * and one that was called off is over.
 */
export function pagersToUpdate(draft: Draft): [pager: string, progress: PagerProgress][] {
  return Object.entries(draft.incident.pagers).filter(([, progress]) => hasLeft(progress) && progress.callOff === null);
}

/** All that left is called off; what did not leave is taken back. */
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

/** The provider has the news. */
export function takeCallOff(draft: Draft, page: string): DecisionReason {
  const pager = find(draft, page);
  if (pager === null) return "already-so";
  setCallOff(draft, pager, "taken");
  note(draft, { kind: "call-off-taken", pager });
  return "call-off-taken";
}

/** The news did not get there, or can't: a human has to ring. */
export function failCallOff(draft: Draft, page: string, reason: DeliveryFailure | "impossible"): DecisionReason {
  const pager = find(draft, page) ?? (isReportedLater(reason) ? find(draft, page, "taken") : null);
  if (pager === null) return "already-so";
  setCallOff(draft, pager, reason === "impossible" ? "impossible" : "failed");
  note(draft, { kind: "call-off-failed", pager, reason });
  return "call-off-failed";
}

/** The pager whose newest page that is, when its call-off stands like that; null when there is none. */
function find(draft: Draft, page: string, state: CallOff["state"] = "queued"): string | null {
  const pagers = Object.entries(draft.incident.pagers);
  return pagers.find(([, { key, callOff }]) => key === page && callOff?.state === state)?.[0] ?? null;
}

function setCallOff(draft: Draft, pager: string, state: CallOff["state"]): void {
  const progress = draft.incident.pagers[pager];
  if (progress === undefined) return;
  const callOff = { at: draft.now, state };
  change(draft, { pagers: { ...draft.incident.pagers, [pager]: { ...progress, callOff } } });
}
