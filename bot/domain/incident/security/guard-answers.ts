import { closeIncident } from "../closing.ts";
import type { DecisionReason } from "../command.ts";
import { changeRound, type Draft, noteEvent } from "../draft.ts";
import type { Guard, Incident, Outcome } from "../incident.ts";
import { isGuardComing, isGuardThere } from "../presence.ts";
import { bringNextPageForward, changePager, changePageStep, type FoundPage, findPage } from "./found-page.ts";

/** "Ik kom eraan", through the page's link or by a key on the phone: the guard promises to come (rules 14 and 15). */
export function acceptByGuard(draft: Draft, key: string): DecisionReason {
  const found = findPage(draft, key);
  if (found === null) return "unknown-page";
  const { pager } = found;
  if (promiseOf(draft.incident, key) !== null || isSecondPromise(draft.incident, pager, key)) return "already-so";
  noteAnswered(draft, found, key);
  // A second guard's promise does not replace that of a guard who is there or still expected.
  const isFirst = !isGuardComing(draft.incident) && !isGuardThere(draft.incident);
  if (isFirst) changeRound(draft, { guard: toGuard(key, pager, draft.now) });
  noteEvent(draft, { kind: "guard-accepted", pager });
  return "guard-accepted";
}

/** "Ik kan niet komen", also after a promise: the next page step is due now (rule 14). */
export function declineByGuard(draft: Draft, key: string): DecisionReason {
  const found = findPage(draft, key);
  if (found === null) return "unknown-page";
  const { pager } = found;
  const before = draft.incident.pagers[pager];
  if (before?.failure === "guard-declined") return "already-so";
  if (draft.incident.round.guard?.pageKey === key) changeRound(draft, { guard: null });
  changePageStep(draft, found, "failed");
  changePager(draft, pager, key, { state: "failed", failure: "guard-declined", at: draft.now });
  noteEvent(draft, { kind: "guard-declined", pager });
  // After a call-off nobody need come, so the next page stays where it is.
  if ((before?.callOff ?? null) === null) bringNextPageForward(draft, found);
  return "guard-declined";
}

/**
 * "Ik ben er", with or without a promise before: the guard is there. A second time it answers the check (rules 11 and
 * 15).
 */
export function arriveByGuard(draft: Draft, key: string): DecisionReason {
  const found = findPage(draft, key);
  if (found === null) return "unknown-page";
  const { pager } = found;
  const { now } = draft;
  const promise = promiseOf(draft.incident, key);
  const isAsked = draft.incident.round.checkAskedAt !== null || (promise?.silentAt ?? null) !== null;
  if ((promise?.arrivedAt ?? null) !== null && !isAsked) return "already-so";
  noteAnswered(draft, found, key);
  const guard = toGuard(key, pager, promise?.acceptedAt ?? now);
  changeRound(draft, { guard: { ...guard, arrivedAt: promise?.arrivedAt ?? now, signAt: now }, checkAskedAt: null });
  noteEvent(draft, { kind: "guard-arrived", pager });
  return "guard-arrived";
}

/** "Veilig", by a guard who is there: closes the incident (rule 18). */
export function resolveByGuard(draft: Draft, key: string, outcome: Outcome): DecisionReason {
  if (findPage(draft, key) === null) return "unknown-page";
  const { guard } = draft.incident.round;
  if (guard?.pageKey !== key || guard.arrivedAt === null) return "not-there";
  closeIncident(draft, "guard", outcome);
  return "resolved";
}

/** The promise of the guard with that page; null when there is none, or it lapsed. */
function promiseOf({ round: { guard } }: Incident, key: string): Guard | null {
  return guard?.pageKey === key && guard.lapsedAt === null ? guard : null;
}

/** Whether this guard promised before, while the promise that counts is another guard's. */
function isSecondPromise(incident: Incident, pager: string, key: string): boolean {
  const progress = incident.pagers[pager];
  const hasPromised = progress?.key === key && progress.state === "answered" && progress.callOff === null;
  return hasPromised && incident.round.guard?.pageKey !== key && (isGuardComing(incident) || isGuardThere(incident));
}

/**
 * Records that a human answered this page. It undoes a call-off of the page, because a guard who comes all the same is
 * believed.
 */
function noteAnswered(draft: Draft, found: FoundPage, key: string): void {
  changePageStep(draft, found, "answered");
  changePager(draft, found.pager, key, { state: "answered", failure: null, at: draft.now, callOff: null });
}

function toGuard(pageKey: string, pager: string, acceptedAt: number): Guard {
  return { pageKey, pager, acceptedAt, arrivedAt: null, signAt: null, silentAt: null, lapsedAt: null };
}
