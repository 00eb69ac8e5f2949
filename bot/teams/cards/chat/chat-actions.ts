import type { ClickVerb } from "../../../domain/incident/command.ts";
import type { Incident } from "../../../domain/incident/incident.ts";
import type { Self } from "../../../words/chat/alarm-in-chat.ts";
import type { CardContext } from "../context.ts";
import { type CardActions, type Layout, toActionsOf, toLayout } from "../incident/actions.ts";
import type { Standing } from "../incident/standing.ts";

/**
 * The buttons in somebody's own chat, by what they are in the alarm. *I'm going* stays the first as long as they are
 * not there, because a thumb that comes down twice must not tell that they have arrived, or can't come.
 */
export function toChatActions(
  incident: Incident,
  standing: Standing,
  self: Self | null,
  context: CardContext,
): CardActions {
  return standing.outcome === null
    ? toActionsOf(incident, standing, toChatLayout(incident, standing, self), context)
    : { asked: [], rest: [] };
}

/** The buttons of the alarm where it shares a card with others: those of the moment, and help. */
export function toSharedVerbs(
  incident: Incident,
  standing: Standing,
  self: Self | null,
): readonly Exclude<ClickVerb, "resolve">[] {
  if (standing.outcome !== null) return [];
  const { moment } = toChatLayout(incident, standing, self);
  const verbs = moment.filter((verb) => verb !== "resolve");
  return verbs.includes("help") ? verbs : [...verbs, "help"];
}

function toChatLayout(incident: Incident, standing: Standing, self: Self | null): Layout {
  switch (self) {
    case "presser":
      return { moment: ["help"], others: [], more: [] };
    case "silent":
      return { moment: ["check-in", "help"], others: ["decline"], more: ["resolve"] };
    case "was-there":
      return { moment: ["arrive", "help"], others: ["claim", "decline"], more: ["resolve"] };
    case "there":
    case "help":
      return toLayoutThere(incident, standing);
    case "help-away":
      // Where *I need help* stood before, nothing else may be.
      return { moment: ["claim", "arrive"], others: ["help"], more: ["decline", "resolve"] };
    case "coming":
    case "late":
      return { moment: ["claim", "arrive"], others: ["help", "decline"], more: ["resolve"] };
    default:
      return { moment: ["claim", "decline"], others: ["arrive", "help"], more: ["resolve"] };
  }
}

/** As in the channel, without what only those may click who are not there. */
function toLayoutThere(incident: Incident, standing: Standing): Layout {
  if (standing.help === "asked") return { moment: ["help", "resolve"], others: [], more: ["decline"] };
  const { moment, others, more } = toLayout(incident, standing);
  return { moment, others: others.filter((verb) => verb !== "claim" && verb !== "arrive"), more };
}
