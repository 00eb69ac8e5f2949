import type { Draft } from "./draft.ts";
import type { PageReason } from "./incident.ts";
import { isEnough, isGuardComing, isGuardThere, thereOf } from "./presence.ts";

/**
 * Whether a page whose moment has come is held (rules 11 to 15). `reason`: of its own, null when it goes by its moment.
 * Help and an unanswered check are never held; before the first page enough people hold it; after it only somebody on
 * the spot or a guard's promise; and once help was asked for, the guard's promise alone.
 */
export function isDeferred(draft: Draft, reason: PageReason | null): boolean {
  const { incident, policy } = draft;
  const { round } = incident;
  if (reason === "help" || reason === "check") return false;
  if (isGuardComing(incident) || isGuardThere(incident)) return true;
  if (round.pagedAt === null && (reason === null || reason === "unclaimed")) return isEnough(incident, policy);
  return thereOf(incident).length > 0 && round.helpAskedAt === null;
}
