import type { Person } from "../person.ts";
import { change, type Draft, note } from "./draft.ts";
import type { Outcome } from "./incident.ts";

/** Closes, and forgets where it was on earth (rule 20). */
export function close(draft: Draft, by: Person | "guard", outcome: Outcome): void {
  change(draft, { closedAt: draft.now, closedBy: by, outcome, position: null });
  note(draft, { kind: "closed", outcome, by });
}
