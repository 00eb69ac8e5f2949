import type { IRichTextBlock } from "@microsoft/teams.cards";
import type { Incident } from "../../../domain/incident/incident.ts";
import { toLine } from "../../../kit/safe-text.ts";
import { type CardWords, card } from "../../../words/colleague/card.ts";
import { past as pastWords } from "../../../words/colleague/past.ts";
import { security } from "../../../words/colleague/security.ts";
import { maxLineLengths } from "../../../words/shared/line.ts";
import { terms } from "../../../words/shared/terms.ts";
import type { CardContext } from "../context.ts";
import { toBlock, toLabelled, toRun } from "../elements.ts";
import { toClock } from "./ask.ts";
import { type Mark, type Past, toPast } from "./past.ts";
import { isAnswered, type SecurityEvent, type SecurityPast } from "./past-security.ts";
import { toCloser, toColleagueName, toNamedRows } from "./sections.ts";

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
  const { rung } = card[context.language].label;
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
    ...toNamedRows([[rung, past.rung.map(({ name }) => toColleagueName(name))]], context),
    ...toRounds(past, context),
  ];
}

function toClosing({ closedAt, closedBy }: Incident, context: CardContext): IRichTextBlock[] {
  if (closedAt === null || closedBy === null) return [];
  const { remark }: CardWords = card[context.language];
  return [
    toBlock([toRun(remark.closedBy(toCloser(closedBy, context.language), toClock(closedAt, context)))], "Medium"),
  ];
}

function toMarkText({ by, at }: Mark<Mark["by"] | "guard">, context: CardContext): string {
  return `${toCloser(by, context.language)} (${toClock(at, context)})`;
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
    const hasLeft = progress !== undefined && progress.state !== "queued";
    const course = withUnheard(past, hasLeft);
    if (course.every(({ kind }) => kind === "called-off")) return [];
    const told = toCourse(course, context);
    const callOff = progress?.callOff ?? null;
    const text = callOff === null ? told : `${told}; ${security[context.language].callOff[callOff.state]}`;
    return [toLabelled(label.security(toLine(context.names.pager(name), maxLineLengths.technical)), text)];
  });
}

/** The course, with the page of which nothing was heard, because it may have left all the same. */
function withUnheard({ course, queuedAt }: SecurityPast, hasLeft: boolean): readonly SecurityEvent[] {
  const isUnheard = hasLeft && queuedAt !== null && !course.some(({ kind }) => kind === "paged");
  const all = isUnheard ? [...course, { kind: "paged", at: queuedAt } as const] : course;
  return all.toSorted((one, other) => one.at - other.at);
}

function toCourse(course: readonly SecurityEvent[], context: CardContext): string {
  const { language } = context;
  const words = pastWords[language];
  const parts = course.map((event) => {
    const clock = toClock(event.at, context);
    return event.kind === "failed"
      ? words.failed(terms[language].failure[event.reason], clock)
      : words[event.kind](clock);
  });
  const isUnanswered = course.some(({ kind }) => kind === "paged") && !isAnswered(course);
  return [...parts, ...(isUnanswered ? [words.unanswered] : [])].join(", ");
}
