import type { Draft } from "../draft.ts";
import type { Incident } from "../incident.ts";
import { countResponding } from "../presence.ts";
import { callOffPages, pagersToUpdate } from "./call-off.ts";

/**
 * Sends every pager that was paged before what has changed: that it is over, how certain the alarm is (rule 17), where
 * it is, and how many colleagues come now, more or fewer (rule 13).
 */
export function updatePagers(draft: Draft, before: Incident): void {
  const kind = toUpdateKind(before, draft.incident);
  if (kind === "call-off") callOffPages(draft);
  if (kind !== "update") return;
  for (const [pager, { key }] of pagersToUpdate(draft)) draft.effects.push({ kind, pager, key });
}

function toUpdateKind(before: Incident, after: Incident): "update" | "call-off" | null {
  if (after.closedAt !== before.closedAt) return "call-off";
  if (after.round.calledOffAt !== null && after.round.calledOffAt !== before.round.calledOffAt) return "call-off";
  const isSame =
    after.verification === before.verification &&
    after.place === before.place &&
    countResponding(after) === countResponding(before);
  return isSame ? null : "update";
}
