import type { IActionSet, IAdaptiveCard, IContainer, IExecuteAction, IRichTextBlock } from "@microsoft/teams.cards";
import type { Visit } from "../../domain/visit/visit.ts";
import { toPlace } from "../../kit/safe-text.ts";
import { type AnswerKind, personal } from "../../words/colleague/personal.ts";
import { type VisitText, visit as visitWords } from "../../words/colleague/visit.ts";
import type { PersonalCommandData, PersonalVerb } from "../wire/personal-command.ts";
import type { CardContext } from "./context.ts";
import { toBanner, toBlock, toButtonRows, toLabelled, toRuns } from "./elements.ts";
import { toExecute } from "./execute.ts";
import { toClock } from "./incident/ask.ts";
import { type OwnPlace, toLocationBlocks } from "./own-location.ts";

/** About an alarm of theirs. */
type OwnAlarmKind = "pressed" | "still-pressed" | "location-named";

/** What a card for one colleague is about. */
export type PersonalContent =
  /** `typed`: what stands behind the call, which the button takes along; `at`: epoch milliseconds. */
  | { readonly kind: "called"; readonly typed: string; readonly at: number }
  | {
      readonly kind: Exclude<
        AnswerKind,
        OwnAlarmKind | "place-set" | "oops-failed" | "location-kept" | "called" | "unstored"
      >;
    }
  /** `still-pressed`: something else stands now in the message that pressed. */
  | ({ readonly kind: OwnAlarmKind; readonly incident: string } & OwnPlace)
  | { readonly kind: "oops-failed" | "location-kept"; readonly incident: string }
  /** `incident`: the alarm that it becomes; null: that is not known. */
  | { readonly kind: "unstored"; readonly incident: string | null }
  | { readonly kind: "place-set"; readonly place: string }
  /** `visit-unanswered`: something other than an answer came; `visit-help`: a call for help. */
  | { readonly kind: "visit" | "visit-ask" | "visit-unanswered" | "visit-help"; readonly visit: Visit };

/**
 * A card for one colleague. `summary`: what a locked phone shows, and what stands in for the card where it can't be
 * shown.
 */
export interface PersonalCard {
  readonly card: IAdaptiveCard;
  readonly summary: string;
  /** The alarms that it is about; left out: none. */
  readonly incidents?: readonly string[];
  /** Whether it shows a visit that they are on; left out: it does not. */
  readonly isOfVisit?: boolean;
  /** Resolves with what it would say as soon as that is known; left out: it is. */
  readonly isKnown?: Promise<PersonalCard>;
  /** Where and when it was posted is stored nowhere, because that would tell how fast somebody was; left out: it is. */
  readonly isUnrecorded?: boolean;
}

type OwnVerb = Exclude<PersonalVerb, `${"test" | "ring"}-${string}` | "at-location">;

type Context = Pick<CardContext, "language" | "timezone">;

const whileVisiting = ["visit-done", "visit-longer", "alarm"] as const satisfies readonly OwnVerb[];

/** The colour of each card and its buttons; *Alarm* never stands beside *Oops*, where a thumb could slip. */
const styles: Readonly<
  Record<
    PersonalContent["kind"],
    { readonly style: NonNullable<IContainer["style"]>; readonly verbs: readonly OwnVerb[] }
  >
> = {
  called: { style: "attention", verbs: ["alarm"] },
  welcome: { style: "emphasis", verbs: ["alarm"] },
  pressed: { style: "warning", verbs: ["oops"] },
  "still-pressed": { style: "warning", verbs: ["oops"] },
  unstored: { style: "attention", verbs: ["alarm"] },
  unsure: { style: "attention", verbs: ["alarm"] },
  "no-alarm": { style: "attention", verbs: [] },
  cancelled: { style: "good", verbs: ["alarm"] },
  "too-late": { style: "warning", verbs: [] },
  closed: { style: "emphasis", verbs: ["alarm"] },
  "not-yours": { style: "warning", verbs: [] },
  "oops-failed": { style: "attention", verbs: ["oops"] },
  "location-named": { style: "good", verbs: [] },
  "location-kept": { style: "warning", verbs: [] },
  "location-failed": { style: "attention", verbs: [] },
  "place-set": { style: "good", verbs: [] },
  "place-forgotten": { style: "emphasis", verbs: [] },
  "place-too-long": { style: "warning", verbs: [] },
  visit: { style: "good", verbs: whileVisiting },
  "visit-ask": { style: "warning", verbs: whileVisiting },
  "visit-unanswered": { style: "warning", verbs: whileVisiting },
  "visit-help": { style: "warning", verbs: ["alarm", "visit-done", "visit-longer"] },
  "visit-ended": { style: "good", verbs: [] },
  "no-visit": { style: "warning", verbs: [] },
  elsewhere: { style: "emphasis", verbs: [] },
  "visit-unclear": { style: "warning", verbs: [] },
  "visit-elsewhere": { style: "warning", verbs: [] },
  "visit-pressed": { style: "warning", verbs: [] },
  "visit-failed": { style: "attention", verbs: whileVisiting },
  "not-set-up": { style: "warning", verbs: [] },
  failed: { style: "attention", verbs: [] },
};

/** The card for one colleague: the state, the place, what to do. */
export function toPersonalCard(content: PersonalContent, context: Context): PersonalCard {
  const { language } = context;
  const { headline, text } = toAnswerText(content, context);
  const { style, verbs } = styles[content.kind];
  const summary = [headline, text[0] ?? ""].join(" – ").replaceAll("**", "");
  return {
    summary,
    ...("incident" in content && content.incident !== null ? { incidents: [content.incident] } : {}),
    ...("visit" in content ? { isOfVisit: true } : {}),
    card: {
      type: "AdaptiveCard",
      version: "1.5",
      lang: language,
      fallbackText: summary,
      body: [
        toBanner(headline, style),
        ...toPlaceBlocks(content, context),
        ...text.map((sentence, index) => toBlock(toRuns(sentence), index === 0 ? "Medium" : "Small")),
        ...toButtonRows(verbs.map((verb) => toButton(verb, content, context))),
      ],
    },
  };
}

function toAnswerText(content: PersonalContent, context: Context): VisitText {
  if (!("visit" in content)) return personal[context.language].answer[content.kind];
  const visitText = toVisitText(content.visit, context);
  const { noAnswer, help } = visitWords[context.language];
  if (content.kind !== "visit-unanswered" && content.kind !== "visit-help") return visitText;
  return { ...visitText, text: [content.kind === "visit-help" ? help : noAnswer, ...visitText.text] };
}

/** What a card says of a visit: until it is asked about, when that will be; then the question. */
function toVisitText({ asked, endsAt, nextAt }: Visit, context: Context): VisitText {
  const words = visitWords[context.language];
  if (asked === 0) return words.started(toClock(endsAt, context));
  return (asked > 1 ? words.askLast : words.ask)(toClock(nextAt, context));
}

function toPlaceBlocks(content: PersonalContent, { language }: Context): (IRichTextBlock | IActionSet)[] {
  if (!("place" in content)) return [];
  const place = toPlace(content.place ?? "");
  const words = personal[language];
  const location = content.kind === "place-set" ? [] : toLocationBlocks(content, content.incident, language);
  const isLocated = "at" in content && content.at !== undefined && "location" in content.at;
  const unknown = isLocated ? words.roomUnknown : words.placeUnknown;
  if (place === null) return [...location, toBlock(toRuns(unknown), "Medium")];
  return [...location, { ...toLabelled(words.place, place, { size: "Medium" }), spacing: "Medium" }];
}

/** Raises an alarm for whoever clicks it. */
export function toAlarmButton(language: Context["language"], data: PersonalCommandData = {}): IExecuteAction {
  return { ...toExecute(personal[language].button.alarm, "alarm", data), style: "destructive" };
}

function toButton(verb: OwnVerb, content: PersonalContent, { language }: Context): IExecuteAction {
  if (verb === "alarm") {
    const isSaid = content.kind === "called" && content.typed !== "";
    return toAlarmButton(language, isSaid ? { typed: content.typed, typedAt: content.at } : {});
  }
  const data = "incident" in content && content.incident !== null ? { incident: content.incident } : {};
  const action = toExecute(personal[language].button[verb], verb, data);
  return verb === "visit-done" ? { ...action, style: "positive" } : action;
}
