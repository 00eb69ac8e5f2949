import type { Person } from "../person.ts";
import { changeIncident, type Draft, noteEvent } from "./draft.ts";
import type { Outcome } from "./incident.ts";

/** Closes the incident and deletes its position (rule 20). */
export function closeIncident(draft: Draft, by: Person | "guard", outcome: Outcome): void {
  changeIncident(draft, { closedAt: draft.now, closedBy: by, outcome, position: null });
  noteEvent(draft, { kind: "closed", outcome, by });
}
