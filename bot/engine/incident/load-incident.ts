import type { Incident } from "../../domain/incident/incident.ts";
import { DeliveryError } from "../../errors.ts";
import type { Store } from "../../ports/store/store.ts";
import type { Recall } from "../kernel/outbox/sender.ts";
import type { UnrecordedIncidents } from "../kernel/unrecorded/unrecorded-incidents.ts";

/** Loads the incident that a message is about; rejects with DeliveryError when it is not in the database. */
export async function loadIncident(store: Store, id: string): Promise<Incident> {
  const incident = await store.read((reader) => reader.loadIncident(id));
  if (incident === null) throw new DeliveryError("misconfigured", "this incident is not in the database");
  return incident;
}

/** As `recall` where memory is ahead of the database; null: it is not. */
export function recallAhead(unrecorded: Pick<UnrecordedIncidents, "of" | "isAhead">, id: string): Recall | null {
  return unrecorded.isAhead(id) ? recall(unrecorded, id) : null;
}

/**
 * How memory has an incident, at each call; null: it does not know it. Once it is written, and closed, the last that
 * was known.
 */
export function recall(unrecorded: Pick<UnrecordedIncidents, "of">, id: string): Recall | null {
  const known = unrecorded.of(id);
  if (known === null) return null;
  let { incident } = known;
  return () => {
    incident = unrecorded.of(id)?.incident ?? incident;
    return incident;
  };
}
