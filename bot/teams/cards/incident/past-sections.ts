import type { IRichTextBlock } from "@microsoft/teams.cards";
import type { Incident } from "../../../domain/incident/incident.ts";
import { type CardWords, card } from "../../../words/colleague/card.ts";
import { past as pastWords } from "../../../words/colleague/past.ts";
import { security } from "../../../words/colleague/security.ts";
import { maxLineLengths, toLine } from "../../../words/shared/line.ts";
import { terms } from "../../../words/shared/terms.ts";
import type { CardContext } from "../context.ts";
import { toBlock, toLabelled, toRun } from "../elements.ts";
import { toClock } from "./ask.ts";
import { type Mark, type PagerPast, type Past, toPast } from "./past.ts";
import { toColleagueName, toNamedRows } from "./sections.ts";

/** More moments than this say no more. */
const maxRounds = 5;

/**
 * How a closed incident went: who closed it, who was first, what security did, who else answered, each with its time.
 * By its history, because the last state hides what was before.
 */
export function toPastSections(incident: Incident, context: CardContext): IRichTextBlock[] {
  const past = toPast(context.history);
  const closing = toClosing(incident, context);
  if (past === null) return closing;
  const { label, nobody } = pastWords[context.language];
  const { firstClaim, firstArrival } = past;
  const others = past.arrived.filter(({ by, at }) => by !== firstArrival?.by || at !== firstArrival.at);
  const rows = (name: string, marks: readonly Mark[]) =>
    toNamedRows([[name, marks.map((mark) => toMarkText(mark, context))]], context);
  return [
    ...closing,
    toLabelled(label.firstClaim, firstClaim === null ? nobody : toMarkText(firstClaim, context)),
    toLabelled(label.firstArrival, firstArrival === null ? nobody : toMarkText(firstArrival, context)),
    ...toSecurityRows(incident, past, context),
    ...rows(label.arrived, others),
    ...rows(label.silent, past.silent),
    ...rows(label.wentOnly, past.wentOnly),
    ...rows(label.declined, past.declined),
    ...toRounds(past, context),
  ];
}

function toClosing({ closedAt, closedBy }: Incident, context: CardContext): IRichTextBlock[] {
  if (closedAt === null || closedBy === null) return [];
  const { remark }: CardWords = card[context.language];
  return [toBlock([toRun(remark.closedBy(toByName(closedBy, context), toClock(closedAt, context)))], "Medium")];
}

function toByName(by: Mark<Mark["by"] | "guard">["by"], { language }: CardContext): string {
  return by === "guard" ? card[language].remark.theGuard : toColleagueName(by.name);
}

function toMarkText({ by, at }: Mark<Mark["by"] | "guard">, context: CardContext): string {
  return `${toByName(by, context)} (${toClock(at, context)})`;
}

function toRounds({ rounds }: Past, context: CardContext): IRichTextBlock[] {
  if (rounds.length < 2) return [];
  const { label, rounds: sentence } = pastWords[context.language];
  const clocks = rounds.slice(0, maxRounds).map((at) => toClock(at, context));
  const text = clocks.join(", ") + (rounds.length > maxRounds ? ", …" : "");
  return [toLabelled(label.rounds, sentence(rounds.length, text))];
}

/** One row for each way to security over which a page may have left. */
function toSecurityRows(incident: Incident, { pagers }: Past, context: CardContext): IRichTextBlock[] {
  const { label }: CardWords = card[context.language];
  return [...pagers].flatMap(([name, past]) => {
    const progress = incident.pagers[name];
    const mayHaveLeft = past.hasLeft || (progress !== undefined && progress.state !== "queued");
    if (!mayHaveLeft || past.queuedAt === null) return [];
    const course = toCourse(name, past, past.queuedAt, incident, context);
    const callOff = progress?.callOff ?? null;
    const text = callOff === null ? course : `${course}; ${security[context.language].callOff[callOff.state]}`;
    return [toLabelled(label.security(toLine(context.names.pager(name), maxLineLengths.technical)), text)];
  });
}

function toCourse(name: string, past: PagerPast, queuedAt: number, { round }: Incident, context: CardContext): string {
  const { language } = context;
  const words = pastWords[language];
  const { answers, failure } = past;
  const parts = [words.paged(toClock(queuedAt, context))];
  for (const { kind, at } of answers) parts.push(words[kind](toClock(at, context)));
  if (round.guards.some(({ pager, silentAt }) => pager === name && silentAt !== null)) parts.push(words.silent);
  if (answers.length === 0) {
    parts.push(failure === null ? words.unanswered : security[language].failed(terms[language].failure[failure]));
  }
  return parts.join(", ");
}
