import type { DecisionReason } from "./command.ts";
import type { CallOff, DeliveryReason, PagerProgress, Person } from "./incident.ts";
import { isGuardThere, thereOf } from "./presence.ts";
import { change, changeRound, changeStep, isPresser, note, stepsOf, type Turn } from "./turn.ts";

/** "Beveiliging hoeft niet meer te komen", by somebody who is there: ends no incident, and only the guard's errand. */
export function callOff(turn: Turn, by: Person): DecisionReason {
  if (isPresser(turn.incident, by)) return "presser";
  if (!thereOf(turn.incident).some(({ person }) => person.id === by.id)) return "not-there";
  const isSomethingOut = Object.values(turn.incident.pagers).some((progress) => progress.callOff === null);
  if (!isSomethingOut) return "already-so";
  withdrawQueued(turn);
  const { guard } = turn.incident.round;
  changeRound(turn, {
    calledOffAt: turn.now,
    helpAskedAt: null,
    guard: isGuardThere(turn.incident) ? guard : null,
  });
  note(turn, { kind: "called-off", by });
  return "called-off";
}

/** What has not left yet never does: its step is held, as by somebody who arrived (rule 11). */
function withdrawQueued(turn: Turn): void {
  for (const { step, progress, index } of stepsOf(turn)) {
    if (step.kind !== "page" || progress.state !== "queued") continue;
    changeStep(turn, index, { state: "held", reason: null, sentAt: null });
    const { [step.pager]: _, ...pagers } = turn.incident.pagers;
    change(turn, { pagers });
  }
}

/** The pagers that hear what is new: what still waits will say it by itself, what was refused is not there, and what was called off is over. */
export function toldPagers(turn: Turn): [pager: string, progress: PagerProgress][] {
  return Object.entries(turn.incident.pagers).filter(([, { state, failure, callOff }]) => {
    return state !== "queued" && failure !== "refused" && failure !== "misconfigured" && callOff === null;
  });
}

/** Notes that the news is on its way. */
export function queueCallOff(turn: Turn, pager: string): void {
  setCallOff(turn, pager, "queued");
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
export function failCallOff(turn: Turn, page: string, reason: DeliveryReason | "impossible"): DecisionReason {
  const pager = find(turn, page);
  if (pager === null) return "already-so";
  setCallOff(turn, pager, reason === "impossible" ? "impossible" : "failed");
  note(turn, { kind: "call-off-failed", pager, reason });
  return "call-off-failed";
}

/** The pager whose newest page that is, while its call-off is under way; null when there is no such news. */
function find(turn: Turn, page: string): string | null {
  const pagers = Object.entries(turn.incident.pagers);
  return pagers.find(([, { key, callOff }]) => key === page && callOff?.state === "queued")?.[0] ?? null;
}

function setCallOff(turn: Turn, pager: string, state: CallOff["state"]): void {
  const progress = turn.incident.pagers[pager];
  if (progress === undefined) return;
  const callOff = { at: turn.now, state };
  change(turn, { pagers: { ...turn.incident.pagers, [pager]: { ...progress, callOff } } });
}
