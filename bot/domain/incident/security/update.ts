import type { Position } from "../../alarm.ts";
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
    isSameWay(before, after) &&
    countResponding(after) === countResponding(before);
  return isSame ? null : "update";
}

/**
 * Whether a guard goes to the same door. A tracker that goes on sending is no news, since the page behind the link
 * shows the newest: its first position is, and that of each press.
 */
function isSameWay(before: Incident, after: Incident): boolean {
  const isPositionNews = before.position === null || after.presses !== before.presses;
  return (
    after.location === before.location &&
    after.mayBeAt === before.mayBeAt &&
    after.mayBeElsewhere === before.mayBeElsewhere &&
    after.place === before.place &&
    after.directions === before.directions &&
    (!isPositionNews || isSamePosition(before.position, after.position))
  );
}

function isSamePosition(one: Position | null, other: Position | null): boolean {
  return one?.lat === other?.lat && one?.lon === other?.lon;
}
