import type { Incident } from "../../domain/incident/incident.ts";
import { DeliveryError } from "../../errors.ts";
import type { Store } from "../../ports/store/store.ts";

/** Loads the incident that a message is about; rejects with DeliveryError when it is not in the database. */
export async function loadIncident(store: Store, id: string): Promise<Incident> {
  const incident = await store.read((reader) => reader.loadIncident(id));
  if (incident === null) throw new DeliveryError("misconfigured", "this incident is not in the database");
  return incident;
}
