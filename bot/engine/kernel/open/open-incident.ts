import type { Incident } from "../../../domain/incident/incident.ts";
import type { CommandResult } from "../../../ports/click.ts";

/** An open incident with the policy it goes by. */
export type OpenIncident = Pick<CommandResult, "incident" | "policy">;

/** What is asked of all that is open: whether it is due, whether a press joins it, and how people call it. */
export type Outline = Pick<
  Incident,
  "id" | "version" | "nextAt" | "source" | "button" | "channel" | "fixedPlace" | "number" | "place"
>;

/** For `sort`: the nearest deadline first; what has none comes last. */
export function byDeadline(one: Pick<Outline, "nextAt">, other: Pick<Outline, "nextAt">): number {
  const [first, second] = [one.nextAt ?? Number.MAX_VALUE, other.nextAt ?? Number.MAX_VALUE];
  return first - second;
}
