import type { IExecuteAction, IShowCardAction } from "@microsoft/teams.cards";
import type { ClickVerb } from "../../../domain/incident/command.ts";
import { type Incident, outcomes } from "../../../domain/incident/incident.ts";
import { type CardWords, card } from "../../../words/colleague/card.ts";
import type { CardContext } from "../context.ts";
import { toExecute } from "../execute.ts";
import type { Standing } from "./standing.ts";

type SimpleVerb = Exclude<ClickVerb, "resolve" | "call-off">;

// The order stays the same from state to state: a thumb under stress goes where the button was.
const whileAway = ["claim", "decline", "arrive", "help"] as const satisfies readonly SimpleVerb[];
const whileThere = ["claim", "decline", "arrive", "witness", "help"] as const satisfies readonly SimpleVerb[];
const whileAsked = ["check-in", "help", "claim", "arrive", "witness"] as const satisfies readonly SimpleVerb[];

const maxButtons = 6;

/**
 * The buttons of this state, the same for everybody: the card is shared. At most six, more Teams does not show
 * (https://learn.microsoft.com/microsoftteams/platform/task-modules-and-cards/cards/cards-reference). `Veilig` stands
 * on every open card because a team lead may close without being there (rule 18).
 */
export function toActions(
  incident: Incident,
  standing: Standing,
  { language }: CardContext,
): (IExecuteAction | IShowCardAction)[] {
  if (standing.outcome !== null) return [];
  const words = card[language];
  const askedVerb = toAskedVerb(standing);
  const simple = toVerbs(incident, standing).map((verb) => toSimple(incident.id, verb, verb === askedVerb, words));
  if (!mayCallOff(incident, standing)) return [...simple, toResolve(incident.id, words)];
  // *Decline* makes room, because those who are there need the other buttons.
  const fitting = simple.length < maxButtons - 1 ? simple : simple.filter(({ verb }) => verb !== "decline");
  return [...fitting, toCallOff(incident.id, words), toResolve(incident.id, words)];
}

/**
 * Whether external security may be called off: a colleague is there, well and without need of help, and security still
 * comes for all it knows.
 */
function mayCallOff({ pagers }: Incident, { there, help, checkDueBy }: Standing): boolean {
  if (there !== "colleague" || help === "asked" || checkDueBy !== null) return false;
  return Object.values(pagers).some(({ state, callOff }) => state !== "queued" && callOff === null);
}

function toVerbs(incident: Incident, { there, checkDueBy }: Standing): readonly SimpleVerb[] {
  if (there === null) return whileAway;
  const verbs = checkDueBy === null ? whileThere : whileAsked;
  return verbs.filter((verb) => verb !== "witness" || incident.verification !== "witnessed");
}

/** The one button that the card's question is about. */
function toAskedVerb({ there, help, checkDueBy, guardComing, coming, late, needed }: Standing): SimpleVerb {
  if (checkDueBy !== null) return "check-in";
  if (help === "asked") return "claim";
  if (there !== null) return "witness";
  return guardComing !== null || coming >= needed || (coming === 0 && late > 0) ? "arrive" : "claim";
}

function toSimple(incident: string, verb: SimpleVerb, isAsked: boolean, words: CardWords): IExecuteAction {
  const action = toExecute(words.button[verb], verb, { incident });
  return isAsked ? { ...action, style: "positive" } : action;
}

/** Two steps, so that nobody sends help away with a slip of the thumb. */
function toCallOff(incident: string, words: CardWords): IShowCardAction {
  const confirm = toExecute(words.button.confirmCallOff, "call-off", { incident });
  return {
    type: "Action.ShowCard",
    title: words.button["call-off"],
    card: { type: "AdaptiveCard", version: "1.5", body: [], actions: [confirm] },
  };
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
