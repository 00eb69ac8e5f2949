import type { IActionSet, IContainer, IExecuteAction, IRichTextBlock } from "@microsoft/teams.cards";
import type { ClickVerb, DecisionReason } from "../../domain/incident/command.ts";
import { type Incident, outcomes } from "../../domain/incident/incident.ts";
import type { Language } from "../../domain/language.ts";
import { card } from "../../words/colleague/card.ts";
import { personal } from "../../words/colleague/personal.ts";
import { type AskedAbout, typedAnswer } from "../../words/colleague/typed-answer.ts";
import type { VisitText } from "../../words/colleague/visit.ts";
import { maxLineLengths } from "../../words/shared/line.ts";
import type { CardSettings } from "./context.ts";
import { toBanner, toBlock, toButtonRows, toLabelled, toRuns } from "./elements.ts";
import { toExecute } from "./execute.ts";
import { toClock } from "./incident/ask.ts";
import { toRefusal } from "./incident/refusal.ts";
import { toCloser, toHolders } from "./incident/sections.ts";
import { toMessageText } from "./message.ts";
import { type PersonalCard, toAlarmButton } from "./personal-card.ts";
import { toButtonOf, toPlaceLine } from "./place.ts";

/** What an alarm may be answered with, of which one is meant. */
export interface AnswerChoice {
  readonly incident: Incident;
  readonly verbs: readonly ClickVerb[];
}

/** What may be submitted as it was typed. */
export type TypedVerb = "claim" | "decline" | "arrive" | "help";

/** What is asked with buttons; `alarmButton`: where the one for a new alarm stands; left out: there is none. */
export interface Asking {
  readonly kind: "ask";
  readonly about: AskedAbout;
  readonly choices: readonly AnswerChoice[];
  readonly alarmButton?: "first" | "last";
}

/** What came of a typed answer. */
export type TypedAnswerContent =
  | Asking
  | { readonly kind: "done" | "kept" | "not-kept"; readonly verb: TypedVerb; readonly incident: Incident }
  | { readonly kind: "refused"; readonly reason: DecisionReason; readonly incident: Incident }
  /** `own`: what who pressed it typed is no answer. */
  | { readonly kind: "closed" | "standing" | "pressed-again" | "own"; readonly incident: Incident }
  | { readonly kind: "nothing-open" };

/** The colour behind each headline, which only repeats what it says. */
const styles: Readonly<Record<TypedAnswerContent["kind"], NonNullable<IContainer["style"]>>> = {
  ask: "accent",
  done: "good",
  kept: "warning",
  "not-kept": "attention",
  refused: "warning",
  closed: "emphasis",
  standing: "warning",
  "pressed-again": "warning",
  own: "warning",
  "nothing-open": "warning",
};

/** What may come next. */
const nextVerbs = {
  claim: ["arrive", "help", "decline"],
  decline: ["claim"],
  arrive: ["help"],
  help: [],
} as const satisfies Record<TypedVerb, readonly ClickVerb[]>;

/** More alarms than this do not fit a phone. */
const maxAlarms = 6;

/** The card that answers what a colleague typed: for which place, whose alarm that is, and what came of it. */
export function toTypedAnswerCard(content: TypedAnswerContent, settings: CardSettings): PersonalCard {
  const { headline, text } = toText(content, settings);
  const choices = toChoices(content);
  const [first, ...others] = choices;
  const isOnly = others.length === 0;
  const place = first && isOnly ? [toMessageText(toPlaceLine(first.incident, settings), maxLineLengths.where)] : [];
  const summary = [headline, ...place, ...text.slice(0, 1)].join(" – ").replaceAll("**", "");
  const hidden = choices.length - maxAlarms;
  const sentences = hidden > 0 ? [...text, typedAnswer[settings.language].more(hidden)] : text;
  return {
    summary,
    incidents: choices.map(({ incident }) => incident.id),
    card: {
      type: "AdaptiveCard",
      version: "1.5",
      lang: settings.language,
      fallbackText: summary,
      body: [
        toBanner(headline, styles[content.kind]),
        ...toAlarmRow(content, "first", settings),
        ...choices.slice(0, maxAlarms).flatMap((choice) => toAlarmBlocks(choice, isOnly, settings)),
        ...toAlarmRow(content, "last", settings),
        ...sentences.map((sentence) => toBlock(toRuns(sentence))),
      ],
    },
  };
}

function toText(content: TypedAnswerContent, { language, timezone }: CardSettings): VisitText {
  const words = typedAnswer[language];
  switch (content.kind) {
    case "ask":
      return words.ask[content.about];
    case "done":
      return words.done[content.verb];
    case "kept":
      return words.kept[content.verb === "help" ? "help" : "answer"];
    case "not-kept":
      return words.notKept[content.verb === "help" ? "help" : "answer"];
    case "refused": {
      const why = toRefusal(content.reason, language);
      return { headline: words.refused, text: why === null ? [] : [why] };
    }
    case "closed": {
      const { closedAt, closedBy } = content.incident;
      if (closedAt === null || closedBy === null) return { headline: words.closed, text: [] };
      const name = toCloser(closedBy, language);
      return { headline: words.closed, text: [words.closedBy(name, toClock(closedAt, { language, timezone }))] };
    }
    case "standing":
      return words.standing;
    case "pressed-again":
      return words.pressedAgain;
    case "own":
      return words.own;
    case "nothing-open":
      return words.nothingOpen;
  }
}

/** The alarms it is about, each with what may be clicked now. */
function toChoices(content: TypedAnswerContent): readonly AnswerChoice[] {
  switch (content.kind) {
    case "ask":
      return content.choices;
    case "done":
      return [{ incident: content.incident, verbs: nextVerbs[content.verb] }];
    case "kept":
    case "not-kept":
      return [{ incident: content.incident, verbs: [content.verb] }];
    case "refused":
      return [{ incident: content.incident, verbs: [content.reason === "not-there" ? "arrive" : "help"] }];
    case "own":
      return [{ incident: content.incident, verbs: ["help"] }];
    case "nothing-open":
      return [];
    default:
      return [{ incident: content.incident, verbs: [] }];
  }
}

function toAlarmRow(content: TypedAnswerContent, at: "first" | "last", { language }: CardSettings): IActionSet[] {
  return content.kind === "ask" && content.alarmButton === at ? toButtonRows([toAlarmButton(language)]) : [];
}

/** The place, whose alarm it is, and its buttons, which name the place where another alarm has the same ones. */
function toAlarmBlocks(
  { incident, verbs }: AnswerChoice,
  isOnly: boolean,
  settings: CardSettings,
): (IRichTextBlock | IActionSet)[] {
  const { language } = settings;
  const place = toPlaceLine(incident, settings);
  const toTitle = (title: string) => (isOnly ? title : toButtonOf(incident, title, settings));
  const actions = verbs.flatMap((verb) => toActions(verb, incident.id, toTitle, language));
  return [
    { ...toLabelled(personal[language].place, place, { size: "Medium" }), spacing: "Medium" },
    ...toHolders(incident.pressers, settings),
    ...toButtonRows(actions),
  ];
}

/** The button of that verb; for closing one for each way it may have ended. */
function toActions(
  verb: ClickVerb,
  incident: string,
  toTitle: (title: string) => string,
  language: Language,
): IExecuteAction[] {
  const { button } = card[language];
  if (verb !== "resolve") return [toExecute(toTitle(button[verb]), verb, { incident })];
  return outcomes.map((outcome) => toExecute(toTitle(button[outcome]), verb, { incident, outcome }));
}
