import type { IContainer } from "@microsoft/teams.cards";
import type { Incident } from "../../../domain/incident/incident.ts";
import { languages } from "../../../domain/language.ts";
import type { Person } from "../../../domain/person.ts";
import { toPlace } from "../../../kit/safe-text.ts";
import { type PresserState, presser } from "../../../words/chat/presser.ts";
import { card } from "../../../words/colleague/card.ts";
import { personal } from "../../../words/colleague/personal.ts";
import { maxLineLengths } from "../../../words/shared/line.ts";
import { terms } from "../../../words/shared/terms.ts";
import type { CardContext, CardSettings } from "../context.ts";
import { toBanner, toBlock, toButtonRows, toLabelled, toRun, toRuns } from "../elements.ts";
import { toClock } from "../incident/ask.ts";
import { toColleagueName } from "../incident/sections.ts";
import { toStanding } from "../incident/standing.ts";
import { toMessageText } from "../message.ts";
import { toLocationBlocks, toOwnPlace } from "../own-location.ts";
import { type PersonalCard, type PersonalContent, toAlarmButton, toPersonalCard } from "../personal-card.ts";

/** The alarm that somebody raised, with how it is shown; null: none of theirs is open, or was closed only just. */
export type OwnAlarm = { readonly incident: Incident; readonly context: CardContext } | null;

const styles: Readonly<Record<PresserState, NonNullable<IContainer["style"]>>> = {
  rest: "emphasis",
  received: "warning",
  coming: "warning",
  there: "good",
  over: "emphasis",
};

/** What a presser may be told: that somebody comes or is there only after a human said so, and as long as it holds. */
export function toPresserState(alarm: OwnAlarm): PresserState {
  if (alarm === null) return "rest";
  const { outcome, there, coming, guardComing } = toStanding(alarm.incident, alarm.context.policy);
  if (outcome !== null) return "over";
  if (there !== null) return "there";
  return coming > 0 || guardComing !== null ? "coming" : "received";
}

/** The card that shows somebody what becomes of their press. Where they typed it they can do so again by a click. */
export function toPresserCard(alarm: OwnAlarm, person: Person, settings: CardSettings): PersonalCard {
  const state = toPresserState(alarm);
  const answer = state === "received" ? toAnswer(alarm, person, settings) : null;
  if (answer !== null) return toPersonalCard(answer, settings);
  const { language } = settings;
  const { headline, text: said } = toText(alarm, person, settings, toColleagueName);
  const by = pressedBy(alarm, person);
  const isAtRest = state === "rest" || state === "over";
  const text = isAtRest ? [...said, presser[language].unchanged[by]] : said;
  const mayPress = by === "chat" && (state === "there" || state === "over");
  const summary = [headline, text[0] ?? ""].join(" – ").replaceAll("**", "");
  return {
    summary,
    card: {
      type: "AdaptiveCard",
      version: "1.5",
      lang: settings.language,
      fallbackText: summary,
      body: [
        toBanner(headline, styles[state]),
        ...toWhereBlocks(alarm, person, settings),
        ...text.map((sentence, index) => toBlock(toRuns(sentence), index === 0 ? "Medium" : "Small")),
        ...toLastPress(alarm, person, settings),
        ...toButtonRows(mayPress ? [toAlarmButton(language)] : []),
      ],
    },
  };
}

/** The same as a message, for who is to hear it. `summary` is plain text for the notification. */
export function toPresserMessage(
  alarm: OwnAlarm,
  person: Person,
  settings: CardSettings,
): { readonly text: string; readonly summary: string } {
  const { headline, text } = toText(alarm, person, settings, (name) => toMessageText(name, maxLineLengths.name));
  return { text: [`**${headline}**`, ...text].join("\n\n"), summary: headline };
}

/** What was answered where they pressed, which asks something of them: it stays until there is something new. */
function toAnswer(alarm: OwnAlarm, person: Person, { names }: CardSettings): PersonalContent | null {
  if (alarm === null || isAnswered(alarm.incident)) return null;
  const how = howPressed(alarm, person);
  if (how === "visit") return { kind: "visit-pressed" };
  if (how !== "chat") return null;
  const { id: incident, cancelledAt } = alarm.incident;
  if (cancelledAt !== null) return { kind: "cancelled" };
  return { kind: "pressed", incident, ...toOwnPlace(alarm.incident, names) };
}

/** Whether somebody came, if only for a while, or it was pressed again: what could be done at first is over then. */
function isAnswered({ presses, responders, round }: Incident): boolean {
  const isMet = responders.some(({ arrivedAt }) => arrivedAt !== null) || round.guards.length > 0;
  return presses > 1 || round.firstClaimAt !== null || isMet;
}

function pressedBy(alarm: OwnAlarm, person: Person): "button" | "chat" {
  const how = howPressed(alarm, person);
  return how === "chat" || how === "visit" ? "chat" : "button";
}

/** How this person last pressed for that alarm; null: they did not. */
export function howPressed(alarm: OwnAlarm, { id }: Person): "button" | "chat" | "visit" | null {
  return findLastPress(alarm, id)?.via ?? null;
}

function findLastPress(alarm: OwnAlarm, id: string) {
  const own = alarm?.incident.pressers.filter(({ holder }) => holder?.id === id) ?? [];
  return own.toSorted((one, other) => one.at - other.at).at(-1);
}

/** While it is open, so that whoever presses again sees that it was received. */
function toLastPress(alarm: OwnAlarm, { id }: Person, settings: CardSettings) {
  const at = findLastPress(alarm, id)?.at;
  if (at === undefined || alarm?.incident.closedAt !== null) return [];
  return [toBlock([toRun(presser[settings.language].lastPressed(toClock(at, settings)))], "Small")];
}

function toText(alarm: OwnAlarm, person: Person, settings: CardSettings, toName: (name: string) => string) {
  const { state: states, again, withdrawn } = presser[settings.language];
  const state = toPresserState(alarm);
  const next = state === "there" || state === "over" ? [again[state][pressedBy(alarm, person)]] : [];
  const { headline } = states[state];
  const text = [...states[state].text, ...next];
  if (alarm === null) return { headline, text };
  const { closedAt, closedBy, cancelledAt } = alarm.incident;
  if (closedAt !== null && closedBy !== null) {
    const { remark } = card[settings.language];
    const name = typeof closedBy === "string" ? remark.byRole[closedBy] : toName(closedBy.name);
    return { headline, text: [remark.closedBy(name, toClock(closedAt, settings)), ...text] };
  }
  return { headline, text: cancelledAt === null ? text : [...text, withdrawn] };
}

/** Where it is, as that is passed on; who typed it is asked at which location, as long as nobody knows. */
function toWhereBlocks(alarm: OwnAlarm, person: Person, settings: CardSettings) {
  const isTyped = alarm?.incident.closedAt === null && howPressed(alarm, person) === "chat";
  if (!isTyped) return toPlaceBlocks(alarm, settings);
  const { id } = alarm.incident;
  const own = toOwnPlace(alarm.incident, settings.names);
  return [...toLocationBlocks(own, id, settings.language), ...toPlaceBlocks(alarm, settings)];
}

/** The place that is passed on, so that whoever pressed sees when it is wrong. */
function toPlaceBlocks(alarm: OwnAlarm, { language }: CardSettings) {
  const place = toPlace(alarm?.incident.place ?? "");
  if (place === null) return [];
  // "Place: Place unknown" says it twice.
  if (languages.some((each) => terms[each].placeUnknown === place)) return [toBlock([toRun(place)], "Medium")];
  return [{ ...toLabelled(personal[language].place, place, { size: "Medium" }), spacing: "Medium" as const }];
}
