import type { Incident } from "./incident.ts";
import { countOnTheWay } from "./presence.ts";
import type { Turn } from "./turn.ts";

/**
 * Tells every pager that was paged before what is new to its guard: that it is over, how sure we are (rule 17), and how
 * many colleagues come now, more or fewer (rule 13).
 */
export function tellPagers(turn: Turn, before: Incident): void {
  const kind = toNews(before, turn.incident);
  if (kind === null) return;
  for (const [pager, { key, state, failure }] of Object.entries(turn.incident.pagers)) {
    // What still waits in the outbox will say it by itself, and what was refused is not there.
    if (state === "queued" || failure === "refused" || failure === "misconfigured") continue;
    turn.effects.push({ kind, pager, key });
  }
}

function toNews(before: Incident, after: Incident): "update" | "call-off" | null {
  if (after.closedAt !== null) return "call-off";
  const isSame = after.verification === before.verification && countOnTheWay(after) === countOnTheWay(before);
  return isSame ? null : "update";
}
