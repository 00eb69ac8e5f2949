import type { Person } from "../person.ts";
import type { Outcome } from "./incident.ts";
import { change, note, type Turn } from "./turn.ts";

/** Closes, and forgets where it was on earth (rule 20). */
export function close(turn: Turn, by: Person | "guard", outcome: Outcome): void {
  change(turn, { closedAt: turn.now, closedBy: by, outcome, position: null });
  note(turn, { kind: "closed", outcome, by });
}
