import { close } from "../closing.ts";
import type { DecisionReason } from "../command.ts";
import type { Guard, Incident, Outcome } from "../incident.ts";
import { isGuardComing, isGuardThere } from "../presence.ts";
import { changeRound, note, type Turn } from "../turn.ts";
import { changePager, changePageStep, type FoundPage, findPage, hastenNextPage } from "./found-page.ts";

/** "Ik kom eraan", through the link of that page or by a key on the phone: a promise (rules 14 and 15). */
export function acceptByGuard(turn: Turn, key: string): DecisionReason {
  const found = findPage(turn, key);
  if (found === null) return "unknown-page";
  const { pager } = found;
  if (promiseOf(turn.incident, key) !== null || isSecond(turn.incident, pager, key)) return "already-so";
  noteAnswered(turn, found, key);
  // A second guard's promise does not replace one who is already there or still expected.
  const isFirst = !isGuardComing(turn.incident) && !isGuardThere(turn.incident);
  if (isFirst) changeRound(turn, { guard: toGuard(key, pager, turn.now) });
  note(turn, { kind: "guard-accepted", pager });
  return "guard-accepted";
}

/** "Ik kan niet komen", also after a promise: the next page is due now (rule 14). */
export function declineByGuard(turn: Turn, key: string): DecisionReason {
  const found = findPage(turn, key);
  if (found === null) return "unknown-page";
  const { pager } = found;
  const before = turn.incident.pagers[pager];
  if (before?.failure === "guard-declined") return "already-so";
  if (turn.incident.round.guard?.pageKey === key) changeRound(turn, { guard: null });
  changePageStep(turn, found, "failed");
  changePager(turn, pager, key, { state: "failed", failure: "guard-declined", at: turn.now });
  note(turn, { kind: "guard-declined", pager });
  // Who was told that nobody need come makes no next one come.
  if ((before?.callOff ?? null) === null) hastenNextPage(turn, found);
  return "guard-declined";
}

/** "Ik ben er", with or without a promise before; said again, it answers the check (rules 11 and 15). */
export function arriveByGuard(turn: Turn, key: string): DecisionReason {
  const found = findPage(turn, key);
  if (found === null) return "unknown-page";
  const { pager } = found;
  const { now } = turn;
  const promise = promiseOf(turn.incident, key);
  const isAsked = turn.incident.round.checkAskedAt !== null || (promise?.silentAt ?? null) !== null;
  if ((promise?.arrivedAt ?? null) !== null && !isAsked) return "already-so";
  noteAnswered(turn, found, key);
  const guard = toGuard(key, pager, promise?.acceptedAt ?? now);
  changeRound(turn, { guard: { ...guard, arrivedAt: promise?.arrivedAt ?? now, signAt: now }, checkAskedAt: null });
  note(turn, { kind: "guard-arrived", pager });
  return "guard-arrived";
}

/** "Veilig", by a guard who is there (rule 18). */
export function resolveByGuard(turn: Turn, key: string, outcome: Outcome): DecisionReason {
  if (findPage(turn, key) === null) return "unknown-page";
  const { guard } = turn.incident.round;
  if (guard?.pageKey !== key || guard.arrivedAt === null) return "not-there";
  close(turn, "guard", outcome);
  return "resolved";
}

/** What this guard promised; null when they did not, or broke it. */
function promiseOf({ round: { guard } }: Incident, key: string): Guard | null {
  return guard?.pageKey === key && guard.lapsedAt === null ? guard : null;
}

/** Whether this guard promised before, while another one's promise is the one that stands. */
function isSecond(incident: Incident, pager: string, key: string): boolean {
  const progress = incident.pagers[pager];
  const hasPromised = progress?.key === key && progress.state === "answered" && progress.callOff === null;
  return hasPromised && incident.round.guard?.pageKey !== key && (isGuardComing(incident) || isGuardThere(incident));
}

/** A human has answered it: a guard who comes all the same after a call-off is believed. */
function noteAnswered(turn: Turn, found: FoundPage, key: string): void {
  changePageStep(turn, found, "answered");
  changePager(turn, found.pager, key, { state: "answered", failure: null, at: turn.now, callOff: null });
}

function toGuard(pageKey: string, pager: string, acceptedAt: number): Guard {
  return { pageKey, pager, acceptedAt, arrivedAt: null, signAt: null, silentAt: null, lapsedAt: null };
}
