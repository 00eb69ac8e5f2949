import type { EventKind, HistoryLine, RecordedLine } from "../../../domain/incident/history.ts";
import type { Incident } from "../../../domain/incident/incident.ts";
import type { Tag } from "../../../domain/incident/policy.ts";
import type { Person } from "../../../domain/person.ts";
import { toSentence, type Voice } from "../../../words/colleague/sentence.ts";
import { type ThreadWords, thread } from "../../../words/colleague/thread.ts";
import { maxLineLengths } from "../../../words/shared/line.ts";
import type { OutgoingActivity } from "../../wire/connector.ts";
import type { CardContext } from "../context.ts";
import { toBlock, toRun } from "../elements.ts";
import { type Mentioned, toEntities } from "../mentions.ts";
import { toMentions, toMentionText, toMessageText } from "../message.ts";
import { toPlaceLine, toWayLine } from "../place.ts";
import { toAsk, toClock } from "./ask.ts";
import { toHeadline } from "./headline.ts";
import { toSummary } from "./incident-card.ts";
import { toStanding } from "./standing.ts";
import { toRingingCard, toTagEntity } from "./tag.ts";

const paragraph = "\n\n";
/**
 * A reply takes so much, in UTF-16 units; without that, a round that lasts would outgrow what Teams takes, some 28 KB.
 * https://learn.microsoft.com/microsoftteams/platform/bots/how-to/format-your-bot-messages
 */
const maxRoundLength = 10_000;

/** A reply that asks people. `text` holds `toMentionText(person)` exactly once for each of `mentions`. */
export interface AskingReply {
  readonly text: string;
  readonly mentions: readonly Person[];
}

/** What a reply tells, and of which lines. */
export interface RoundText {
  readonly text: string;
  readonly lines: readonly RecordedLine[];
}

const symbols: Partial<Record<EventKind, string>> = {
  "pressed-again": "🔔",
  "place-corrected": "📍",
  "round-started": "🔔",
  "nobody-on-duty": "⚠️",
  "nobody-free": "⚠️",
  "now-elsewhere": "⚠️",
  help: "🆘",
  "112-called": "📞",
  "call-back-changed": "📞",
  "police-there": "🚓",
  "all-declined": "⚠️",
  lapsed: "⏰",
  "let-go": "📍",
  "check-asked": "❓",
  "check-missed": "🟥",
  verified: "✔️",
  cancelled: "⚠️",
  restored: "⚠️",
  returned: "⚠️",
  "policy-replaced": "⚠️",
  "teams-unreachable": "⚠️",
  "teams-busy": "⚠️",
  "page-queued": "🛡️",
  "page-accepted": "🛡️",
  "page-failed": "🟥",
  "guard-accepted": "🛡️",
  "guard-declined": "🟥",
  "guard-arrived": "🟢",
  "guard-lapsed": "🟥",
  "guard-help": "🆘",
  arrived: "🟢",
  closed: "⬛",
};

/** Whether a line is told in the thread: who is rung is mentioned there, and the rest of those the card itself says. */
export function isTold({ kind }: Pick<HistoryLine, "kind">): boolean {
  return kind !== "opened" && kind !== "card-posted" && kind !== "rung";
}

/** Tells these lines, each with its time, the oldest first: as many of them as one reply takes, and at least one. */
export function toRoundText(lines: readonly RecordedLine[], context: CardContext): RoundText {
  const texts = lines.map((line) => toTimed(line, toSentence(line, context.language, toVoice(context)), context));
  let count = Math.min(1, texts.length);
  for (let length = texts[0]?.length ?? 0; count < texts.length; count += 1) {
    length += paragraph.length + (texts[count]?.length ?? 0);
    if (length > maxRoundLength) break;
  }
  return { text: texts.slice(0, count).join(paragraph), lines: lines.slice(0, count) };
}

function toTimed({ kind, at }: RecordedLine, text: string, context: CardContext): string {
  const symbol = symbols[kind];
  return `${symbol === undefined ? "" : `${symbol} `}${text} (${toClock(at, context)})`;
}

/**
 * Rings people and a tag under the card: what is so, and what is asked of them. `mentioned`: who of them has no id is
 * not rung and left out. `at`: epoch milliseconds.
 */
export function toRingingReply(
  mentioned: readonly Mentioned[],
  tag: Tag | null,
  incident: Incident,
  context: CardContext,
  at: number,
): OutgoingActivity {
  const { ask }: ThreadWords = thread[context.language];
  const entities = [...toEntities(mentioned), ...(tag === null ? [] : [toTagEntity(tag, mentioned)])];
  const headline = toHeadline(toStanding(incident, context.policy), context);
  const asked = `${ask.rung(entities.map(({ text }) => text).join(", "))} (${toClock(at, context)})`;
  if (tag !== null) {
    const place = toRun(`🔔 ${toPlaceLine(incident, context)} `, { weight: "Bolder" });
    return toRingingCard([toBlock([place, toRun(headline)])], asked, entities, toSummary(incident, context), context);
  }
  return { type: "message", text: `🔔 **${toPlaceText(incident, context)}** ${headline}\n\n${asked}`, entities };
}

/**
 * What a line asks of people, with mentions of them and its time; null for other lines, and once the incident is
 * closed, because nothing is asked of anyone then.
 */
export function toAskingReply(line: RecordedLine, incident: Incident, context: CardContext): AskingReply | null {
  if (line.kind !== "lapsed" && line.kind !== "check-asked") return null;
  if (line.people.length === 0 || incident.closedAt !== null) return null;
  const { ask }: ThreadWords = thread[context.language];
  const mentions = toMentions(line.people, ask.colleague);
  const names = mentions.map(toMentionText).join(", ");
  return { text: toTimed(line, line.kind === "lapsed" ? ask.lapsed(names) : ask.check(names), context), mentions };
}

/** 1:1 to a person on duty; the place first. `summary` is plain text for the notification. */
export function toDirectMessage(
  incident: Incident,
  context: CardContext,
): { readonly text: string; readonly summary: string } {
  const { onDuty, below }: ThreadWords["ask"] = thread[context.language].ask;
  return toMessage(incident, context, [onDuty], below);
}

/** To a channel other than the incident's own. `summary` is plain text for the notification. */
export function toNotice(
  incident: Incident,
  context: CardContext,
): { readonly text: string; readonly summary: string } {
  return toMessage(incident, context, [], thread[context.language].ask.channel);
}

function toMessage(
  incident: Incident,
  context: CardContext,
  why: readonly string[],
  toWhere: (channel: string) => string,
) {
  const standing = toStanding(incident, context.policy);
  const directions = toMessageText(toWayLine(incident, context), maxLineLengths.directions);
  const { question, otherwise } = toAsk(incident, standing, context);
  const request = [...why, ...question, ...otherwise, toWhere(toTechnical(incident.channel))].join(" ");
  const paragraphs = [
    `**${toPlaceText(incident, context)}**`,
    toHeadline(standing, context),
    // The arrow keeps directions that begin like a list or a heading from becoming one.
    directions === "" ? null : `➡️ ${directions}`,
    standing.outcome !== null ? null : request,
  ];
  return {
    text: paragraphs.filter((paragraph) => paragraph !== null).join("\n\n"),
    summary: toSummary(incident, context),
  };
}

function toVoice({ names }: CardContext): Voice {
  return {
    person: ({ name }) => toMessageText(name, maxLineLengths.name),
    outside: toTechnical,
    place: (text) => toMessageText(text, maxLineLengths.place),
    names,
  };
}

function toTechnical(text: string): string {
  return toMessageText(text, maxLineLengths.technical);
}

function toPlaceText(incident: Incident, context: CardContext): string {
  return toMessageText(toPlaceLine(incident, context), maxLineLengths.where);
}
