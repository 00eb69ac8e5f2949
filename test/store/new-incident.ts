import type { Incident } from "../../bot/domain/incident/incident.ts";
import { buildIncident, pressedAt } from "../fixtures/incident.ts";

/** An incident of a button and a place of its own, before the store has given it a number. */
export function newIncident(id: string, changes: Partial<Incident> = {}): Incident {
  return buildIncident({ id, button: id, fixedPlace: null, ...changes });
}

/** The same incident, closed one version later. */
export function close(incident: Incident): Incident {
  const closing = { closedAt: pressedAt + 5_000, closedBy: "guard", outcome: "false", nextAt: null } as const;
  return { ...incident, ...closing, version: incident.version + 1 };
}
