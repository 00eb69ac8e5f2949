import type { IExecuteAction } from "@microsoft/teams.cards";
import type { ClickVerb } from "../../domain/incident/command.ts";
import type { Outcome } from "../../domain/incident/incident.ts";
import type { PersonalCommandData, PersonalVerb } from "../wire/personal-command.ts";

/**
 * A button. Clients without Action.Execute send a message with the same data; it carries the verb because Action.Submit
 * has none.
 */
export function toExecute(
  title: string,
  verb: ClickVerb | PersonalVerb,
  data: PersonalCommandData & { readonly outcome?: Outcome },
): IExecuteAction {
  return {
    type: "Action.Execute",
    title,
    verb,
    data,
    fallback: { type: "Action.Submit", title, data: { verb, ...data } },
  };
}
