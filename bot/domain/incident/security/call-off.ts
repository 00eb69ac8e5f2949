import type { Person } from "../../person.ts";
import type { DecisionReason } from "../command.ts";
import { type CallOff, type DeliveryFailure, isReportedLater, type PagerProgress } from "../incident.ts";
import { isGuardThere, thereOf } from "../presence.ts";
import { change, changeRound, changeStep, isPresser, note, stepsOf, type Turn } from "../turn.ts";
import { hasLeft, withdrawPage } from "./pager-progress.ts";

/** "Beveiliging hoeft niet meer te komen", by somebody who is there: ends no incident, and only the guard's errand. */
export function callOff(turn: Turn, by: Person): DecisionReason {
  if (isPresser(turn.incident, by)) return "presser";
  if (!thereOf(turn.incident).some(({ person }) => person.id === by.id)) return "not-there";
  const { guard, helpAskedAt, checkAskedAt } = turn.incident.round;
  // Somebody asked for help, or is asked whether they are safe: nobody sends help away then.
  if (helpAskedAt !== null || checkAskedAt !== null) return "not-allowed";
  const isSomethingOut = Object.values(turn.incident.pagers).some(({ callOff }) => callOff === null);
  if (!isSomethingOut) return "already-so";
  holdQueued(turn);
  changeRound(turn, {
    calledOffAt: turn.now,
    guard: isGuardThere(turn.incident) ? guard : null,
  });
  note(turn, { kind: "called-off", by });
  return "called-off";
}

/** What has not left yet never does: its step is held, as by somebody who arrived (rule 11). */
function holdQueued(turn: Turn): void {
  for (const { step, progress, index } of stepsOf(turn)) {
    if (step.kind !== "page" || progress.state !== "queued") continue;
    changeStep(turn, index, { state: "held", reason: null, sentAt: null });
  }
}

/**
 * The pagers that hear what is new. A page that still waits will say it by itself, one that was refused is not there,
 * and one that was called off is over.
 */
export function pagersToUpdate(turn: Turn): [pager: string, progress: PagerProgress][] {
  return Object.entries(turn.incident.pagers).filter(([, progress]) => hasLeft(progress) && progress.callOff === null);
}

/** All that left is called off; what did not leave is taken back. */
export function callOffPages(turn: Turn): void {
  for (const [pager, progress] of Object.entries(turn.incident.pagers)) {
    const isTakenBack = progress.state === "queued" || (!hasLeft(progress) && progress.earlier.length > 0);
    if (isTakenBack) withdrawPage(turn, pager);
  }
  for (const [pager, { key }] of pagersToUpdate(turn)) {
    setCallOff(turn, pager, "queued");
    turn.effects.push({ kind: "call-off", pager, key });
  }
}

/** The provider has the news. */
export function takeCallOff(turn: Turn, page: string): DecisionReason {
  const pager = find(turn, page);
  if (pager === null) return "already-so";
  setCallOff(turn, pager, "taken");
  note(turn, { kind: "call-off-taken", pager });
  return "call-off-taken";
}

/** The news did not get there, or can't: a human has to ring. */
export function failCallOff(turn: Turn, page: string, reason: DeliveryFailure | "impossible"): DecisionReason {
  const pager = find(turn, page) ?? (isReportedLater(reason) ? find(turn, page, "taken") : null);
  if (pager === null) return "already-so";
  setCallOff(turn, pager, reason === "impossible" ? "impossible" : "failed");
  note(turn, { kind: "call-off-failed", pager, reason });
  return "call-off-failed";
}

/** The pager whose newest page that is, when its call-off stands like that; null when there is none. */
function find(turn: Turn, page: string, state: CallOff["state"] = "queued"): string | null {
  const pagers = Object.entries(turn.incident.pagers);
  return pagers.find(([, { key, callOff }]) => key === page && callOff?.state === state)?.[0] ?? null;
}

function setCallOff(turn: Turn, pager: string, state: CallOff["state"]): void {
  const progress = turn.incident.pagers[pager];
  if (progress === undefined) return;
  const callOff = { at: turn.now, state };
  change(turn, { pagers: { ...turn.incident.pagers, [pager]: { ...progress, callOff } } });
}
