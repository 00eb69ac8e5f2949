import { changeIncident, type Draft, noteEvent } from "./draft.ts";
import type { Closer, Outcome } from "./incident.ts";
import { comingOf } from "./presence.ts";

/** Closes the incident, deletes its position (rule 20), and has those told who are still on their way. */
export function closeIncident(draft: Draft, by: Closer, outcome: Outcome): void {
  const coming = comingOf(draft.incident).map(({ person }) => person);
  const people = coming.filter(({ id }) => typeof by === "string" || id !== by.id);
  changeIncident(draft, { closedAt: draft.now, closedBy: by, outcome, position: null });
  noteEvent(draft, { kind: "closed", outcome, by });
  if (people.length > 0) draft.effects.push({ kind: "all-clear", people });
}
