import type { IExecuteAction, IShowCardAction } from "@microsoft/teams.cards";
import type { ClickVerb } from "../../incident/command.ts";
import { type Incident, outcomes } from "../../incident/incident.ts";
import { type CardWords, card } from "../../words/card.ts";
import type { CardContext } from "./context.ts";
import { toExecute } from "./execute.ts";
import type { Phase } from "./phase.ts";

type SimpleVerb = Exclude<ClickVerb, "resolve">;

// The order stays the same from state to state: a thumb under stress goes where the button was.
const whileAway = ["claim", "decline", "arrive", "help"] as const satisfies readonly SimpleVerb[];
const whileThere = ["claim", "decline", "arrive", "witness", "help"] as const satisfies readonly SimpleVerb[];
const whileAsked = ["check-in", "help", "claim", "arrive", "witness"] as const satisfies readonly SimpleVerb[];

/**
 * The buttons of this state, the same for everybody: the card is shared. At most six, more Teams does not show
 * (https://learn.microsoft.com/microsoftteams/platform/task-modules-and-cards/cards/cards-reference). `Veilig` stands on every open card because a
 * team lead may close without being there (rule 18).
 */
export function toActions(
  incident: Incident,
  phase: Phase,
  { language }: CardContext,
): (IExecuteAction | IShowCardAction)[] {
  if (phase.kind === "closed") return [];
  const words = card[language];
  const asked = toAskedVerb(phase);
  const simple = toVerbs(incident, phase).map((verb) => toSimple(incident.id, verb, verb === asked, words));
  return [...simple, toResolve(incident.id, words)];
}

function toVerbs(incident: Incident, phase: Phase): readonly SimpleVerb[] {
  if (phase.kind !== "there") return whileAway;
  const verbs = phase.checkBy === null ? whileThere : whileAsked;
  return verbs.filter((verb) => verb !== "witness" || incident.verification !== "witnessed");
}

/** The one button that the card's question is about. */
function toAskedVerb(phase: Phase): SimpleVerb {
  switch (phase.kind) {
    case "coming":
      return phase.count >= phase.needed ? "arrive" : "claim";
    case "guard-coming":
      return phase.help ? "claim" : "arrive";
    case "there":
      if (phase.checkBy !== null) return "check-in";
      return phase.help ? "claim" : "witness";
    default:
      return "claim";
  }
}

function toSimple(incident: string, verb: SimpleVerb, isAsked: boolean, words: CardWords): IExecuteAction {
  const action = toExecute(words.button[verb], verb, { incident });
  return isAsked ? { ...action, style: "positive" } : action;
}

/** Two steps, so that nobody closes an alarm with a slip of the thumb. */
function toResolve(incident: string, words: CardWords): IShowCardAction {
  return {
    type: "Action.ShowCard",
    title: words.button.resolve,
    card: {
      type: "AdaptiveCard",
      version: "1.5",
      body: [],
      actions: outcomes.map((outcome) => toExecute(words.button[outcome], "resolve", { incident, outcome })),
    },
  };
}
