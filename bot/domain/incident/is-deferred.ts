import type { Draft } from "./draft.ts";
import type { PageReason } from "./incident.ts";
import { isEnough, isGuardComing, isGuardHelping, thereOf } from "./presence.ts";

/**
 * Whether a page that is due is held (rules 11 to 15). `reason` is null for a page that goes out at its step's own
 * moment. A page for help or an unanswered check is never held. Before the first page enough people hold it; after it
 * only somebody who is there, or a guard's promise, does; and once help was asked for, a guard alone, but not the one
 * who asked.
 */
export function isDeferred(draft: Pick<Draft, "incident" | "policy">, reason: PageReason | null): boolean {
  const { incident, policy } = draft;
  const { round } = incident;
  if (reason === "help" || reason === "check") return false;
  if (isGuardComing(incident) || isGuardHelping(incident)) return true;
  if (round.pagedAt === null && (reason === null || reason === "unclaimed")) return isEnough(incident, policy);
  return thereOf(incident).length > 0 && round.helpAskedAt === null;
}
