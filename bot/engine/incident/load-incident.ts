import type { Incident } from "../../domain/incident/incident.ts";
import { DeliveryError } from "../../errors.ts";
import type { Store } from "../../ports/store/store.ts";
import type { UnrecordedIncidents } from "../kernel/unrecorded/unrecorded-incidents.ts";

/** Loads the incident that a message is about; rejects with DeliveryError when it is not in the database. */
export async function loadIncident(store: Store, id: string): Promise<Incident> {
  const incident = await store.read((reader) => reader.loadIncident(id));
  if (incident === null) throw new DeliveryError("misconfigured", "this incident is not in the database");
  return incident;
}

/**
 * How memory has an incident on which it is ahead of the database, at each call; null: it is not. Once it is written,
 * and closed, the last that was known.
 */
export function recallAhead(
  unrecorded: Pick<UnrecordedIncidents, "of" | "isAhead">,
  id: string,
): (() => Incident) | null {
  const known = unrecorded.isAhead(id) ? unrecorded.of(id) : null;
  if (known === null) return null;
  let { incident } = known;
  return () => {
    incident = unrecorded.of(id)?.incident ?? incident;
    return incident;
  };
}
