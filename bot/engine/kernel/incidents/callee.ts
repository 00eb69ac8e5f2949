import type { Incident } from "../../../domain/incident/incident.ts";
import { findCallee } from "../../../domain/incident/security/call-back.ts";
import { toWhereabouts } from "../../../domain/location.ts";
import type { Person } from "../../../domain/person.ts";
import type { Directory } from "../../../ports/directory.ts";
import type { Clock } from "../../../ports/time.ts";
import type { OpenIncidents } from "../open/open-incidents.ts";

/**
 * Whom external security calls back for that incident now, where that is who is on duty; null: nobody. The pages and
 * the card ask it alike, so that they never name two.
 */
export type CalleeOf = (incident: Incident) => Person | null;

export interface CalleeOptions {
  readonly directory: Pick<Directory, "onDuty" | "phoneOf">;
  readonly openIncidents: Pick<OpenIncidents, "isInside">;
  readonly clock: Pick<Clock, "now">;
}

export function createCalleeOf({ directory, openIncidents, clock }: CalleeOptions): CalleeOf {
  const hasPhone = (person: Person) => directory.phoneOf(person) !== null;
  return (incident) => {
    const present = directory.onDuty(clock.now(), toWhereabouts(incident));
    return findCallee(incident, present, hasPhone, openIncidents.isInside);
  };
}
