import type { IActionSet, IExecuteAction, IRichTextBlock, IShowCardAction } from "@microsoft/teams.cards";
import { policeVerbs, toldAt } from "../../../domain/incident/colleagues/police.ts";
import type { ClickVerb } from "../../../domain/incident/command.ts";
import { type Incident, outcomes } from "../../../domain/incident/incident.ts";
import { type CardWords, card } from "../../../words/colleague/card.ts";
import type { CardContext } from "../context.ts";
import { toBlock, toButtonRows, toRuns } from "../elements.ts";
import { toExecute } from "../execute.ts";
import type { Standing } from "./standing.ts";

type SimpleVerb = Exclude<ClickVerb, "resolve" | "call-off">;
type Action = IExecuteAction | IShowCardAction;

/** Where each button stands: the two of the moment, the others that are often needed, and what is seldom needed. */
export interface Layout {
  readonly moment: readonly ClickVerb[];
  readonly others: readonly SimpleVerb[];
  readonly more: readonly ClickVerb[];
}

/** The buttons of a card: `asked` stand right under its question, the rest at its end. */
export interface CardActions {
  readonly asked: readonly IActionSet[];
  readonly rest: readonly Action[];
}

/**
 * The buttons of this state, the same for everybody: the card is shared. A phone shows a row of buttons as one line
 * that moves sideways, so that the two that matter now have a row each, and at most four share the last one.
 */
export function toActions(incident: Incident, standing: Standing, context: CardContext): CardActions {
  if (standing.outcome !== null) return { asked: [], rest: [] };
  return toActionsOf(incident, standing, toLayout(incident, standing), context);
}

/** The buttons of an open alarm, where that layout has them. */
export function toActionsOf(
  incident: Incident,
  standing: Standing,
  { moment, others, more: seldom }: Layout,
  { language, names }: Pick<CardContext, "language" | "names">,
): CardActions {
  const words = card[language];
  // Where there are no locations, cards say nothing that is new.
  const untold = policeVerbs.filter((verb) => names.hasLocations && toldAt(incident, verb) === undefined);
  const more = seldom.length === 0 ? [] : [...untold, ...seldom];
  const asked = moment.map((verb) => (verb === "resolve" ? toResolve(incident.id, words) : toSimple(verb)));
  function toSimple(verb: Exclude<ClickVerb, "resolve">): IExecuteAction {
    return toExecute(words.button[verb], verb, { incident: incident.id });
  }
  return {
    asked: toButtonRows(asked),
    rest: [...others.map(toSimple), ...(more.length === 0 ? [] : [toMore(incident.id, standing, more, words)])],
  };
}

/**
 * The first of the two is about who goes, as long as nobody is there: a thumb that goes where a button was must not
 * tell that somebody has arrived.
 */
export function toLayout(incident: Incident, standing: Standing): Layout {
  const { there, help, checkDueBy, guardComing, coming, late, needed } = standing;
  const callOff = mayCallOff(incident, standing) ? (["call-off"] as const) : [];
  const witness = incident.verification === "witnessed" ? [] : (["witness"] as const);
  if (there === null) {
    const isArrivalAsked = guardComing !== null || coming >= needed || (coming === 0 && late > 0);
    return help !== "asked" && isArrivalAsked
      ? { moment: ["claim", "arrive"], others: ["help", "decline"], more: ["resolve"] }
      : { moment: ["claim", "decline"], others: ["arrive", "help"], more: ["resolve"] };
  }
  if (checkDueBy !== null)
    return { moment: ["check-in", "help"], others: ["claim", "arrive"], more: [...witness, "decline", "resolve"] };
  if (help === "asked")
    return { moment: ["claim", "resolve"], others: ["help", "arrive", ...witness], more: ["decline"] };
  if (witness.length > 0)
    return { moment: ["witness", "resolve"], others: ["help", "claim", "arrive"], more: ["decline", ...callOff] };
  return { moment: ["help", "resolve"], others: ["claim", "arrive"], more: ["decline", ...callOff] };
}

/**
 * Whether external security may be called off: a colleague is there, well and without need of help, and security still
 * comes for all it knows.
 */
function mayCallOff({ pagers }: Incident, { there, help, checkDueBy }: Standing): boolean {
  if (there !== "colleague" || help === "asked" || checkDueBy !== null) return false;
  return Object.values(pagers).some(({ state, callOff }) => state !== "queued" && callOff === null);
}

/** What is seldom needed, or must not be clicked with a slip of the thumb, behind one button more. */
function toMore(incident: string, standing: Standing, verbs: readonly ClickVerb[], words: CardWords): IShowCardAction {
  return {
    type: "Action.ShowCard",
    title: words.button.more,
    card: {
      type: "AdaptiveCard",
      version: "1.5",
      body: verbs.flatMap((verb) => toChoice(incident, standing, verb, words)),
    },
  };
}

function toChoice(
  incident: string,
  { there }: Standing,
  verb: ClickVerb,
  words: CardWords,
): (IRichTextBlock | IActionSet)[] {
  if (verb !== "resolve") {
    return toButtonRows([toExecute(words.button[verb], verb, { incident })]);
  }
  return [toSentence(there === null ? words.ask.closeAsLead : words.ask.outcome), ...toOutcomes(incident, words)];
}

/** Two steps, so that nobody closes an alarm with a slip of the thumb; the second one says that it is still open. */
function toResolve(incident: string, words: CardWords): IShowCardAction {
  return {
    type: "Action.ShowCard",
    title: words.button.resolve,
    card: {
      type: "AdaptiveCard",
      version: "1.5",
      body: [toSentence(words.ask.outcome), ...toOutcomes(incident, words)],
    },
  };
}

function toOutcomes(incident: string, words: CardWords): IActionSet[] {
  return toButtonRows(outcomes.map((outcome) => toExecute(words.button[outcome], "resolve", { incident, outcome })));
}

function toSentence(text: string): IRichTextBlock {
  return toBlock(toRuns(text));
}
