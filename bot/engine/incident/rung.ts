import type { Person } from "../../domain/person.ts";
import type { Reader } from "../../ports/store/store.ts";

/**
 * Loads the person with that id, if they were ever messaged, mentioned or called for that incident, also in a round
 * that is over; else null. Rejects when it can't be read.
 */
export async function loadRung(
  incident: string,
  id: string,
  reader: Pick<Reader, "loadHistory">,
): Promise<Person | null> {
  const lines = await reader.loadHistory(incident, 0);
  const people = lines.flatMap((line) => (line.kind === "rung" || line.kind === "called" ? line.people : []));
  return people.find((person) => person.id === id) ?? null;
}
