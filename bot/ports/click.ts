import type { ClickVerb, DecisionReason } from "../domain/incident/command.ts";
import type { Incident, Outcome } from "../domain/incident/incident.ts";
import type { Policy } from "../domain/incident/policy.ts";
import type { Person } from "../domain/person.ts";

/** What somebody clicked on an incident's card. */
export interface Click {
  readonly incident: string;
  readonly verb: ClickVerb;
  readonly by: Person;
  /** Only with `resolve`. */
  readonly outcome: Outcome | null;
}

/** What became of a click: the incident as it is now, for the fresh card. */
export interface CommandResult {
  readonly incident: Incident;
  readonly policy: Policy;
  readonly reason: DecisionReason;
}
