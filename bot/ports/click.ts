import type { ClickVerb, DecisionReason } from "../domain/incident/command.ts";
import type { Incident, Outcome } from "../domain/incident/incident.ts";
import type { Policy } from "../domain/incident/policy.ts";
import type { Person } from "../domain/person.ts";

/** A click on an incident's card. */
export interface Click {
  readonly incident: string;
  readonly verb: ClickVerb;
  readonly by: Person;
  readonly from: ClickedIn;
  /** null for all but `resolve`. */
  readonly outcome: Outcome | null;
  /** The identity of the message in which it was typed, kept for a day with the answer; left out: it was clicked. */
  readonly message?: string;
}

/** The conversation in Teams that a click came from. */
export interface ClickedIn {
  readonly conversation: string;
  /** Whether it is the chat of this person with the bot alone. */
  readonly isChat: boolean;
  /** The channels of the configuration whose alarms go to that conversation now. */
  readonly channels: readonly string[];
}

/** The result of a command: the incident as it is now, for a fresh card. */
export interface CommandResult {
  readonly incident: Incident;
  readonly policy: Policy;
  readonly reason: DecisionReason;
}
