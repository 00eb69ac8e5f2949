import type { Press } from "../../../domain/incident/command.ts";
import type { Incident } from "../../../domain/incident/incident.ts";
import type { Tag } from "../../../domain/incident/policy.ts";
import type { Language } from "../../../domain/language.ts";
import { headline } from "../../../words/colleague/headline.ts";
import { type TogetherWords, together } from "../../../words/colleague/together.ts";
import { maxLineLengths } from "../../../words/shared/line.ts";
import { terms } from "../../../words/shared/terms.ts";
import type { OutgoingActivity } from "../../wire/connector.ts";
import type { CardContext } from "../context.ts";
import { toBlock, toRun } from "../elements.ts";
import { type Mentioned, toEntities } from "../mentions.ts";
import { toMessageText } from "../message.ts";
import { toPlaceLine } from "../place.ts";
import { toHeadline } from "./headline.ts";
import { toStanding } from "./standing.ts";
import { toRingingCard, toTagEntity } from "./tag.ts";

/** How many places one message names; the rest is counted, and has its cards. */
const maxPlaces = 40;
/** How many a banner and a locked phone show. */
const maxPlacesInSummary = 3;

/** An alarm among others, as a message shows it: plain text. */
export interface ShownAlarm {
  readonly place: string;
  readonly headline: string;
  readonly channel: string;
}

export function toShownAlarm({
  incident,
  context,
}: {
  readonly incident: Incident;
  readonly context: CardContext;
}): ShownAlarm {
  const headline = toHeadline(toStanding(incident, context.policy), context);
  return { place: toPlaceLine(incident, context), headline, channel: incident.channel };
}

/** One that could not be recorded (rule 1). */
export function toShownPress(press: Press, settings: Pick<CardContext, "language" | "names">): ShownAlarm {
  const { unstored } = headline[settings.language];
  return { place: toPlaceLine(press, settings), headline: unstored, channel: press.channel };
}

/** 1:1 to a person on duty about several alarms. `summary` is plain text for the notification. */
export function toDirectMessageOfMany(
  alarms: readonly ShownAlarm[],
  language: Language,
): { readonly text: string; readonly summary: string } {
  const words: TogetherWords = together[language];
  const places = alarms.map(({ place }) => place);
  const named = toCounted(places, maxPlacesInSummary, language).join(", ");
  return {
    text: [words.onDuty(alarms.length), toList(alarms, language), toWhere(alarms, words)].join("\n\n"),
    summary: `${words.alarms(alarms.length)}: ${named}`,
  };
}

/** Rings people and a tag in the channel for several alarms. `mentioned`: who has no id is not rung and left out. */
export function toRingOfMany(
  mentioned: readonly Mentioned[],
  tag: Tag | null,
  alarms: readonly ShownAlarm[],
  language: Language,
): OutgoingActivity {
  return toRing(mentioned, tag, alarms, together[language].rung, language);
}

/** The same for alarms that could not be recorded, whose cards can't be clicked; it may be one. */
export function toRingOfUnstored(
  mentioned: readonly Mentioned[],
  tag: Tag | null,
  alarms: readonly ShownAlarm[],
  language: Language,
): OutgoingActivity {
  return toRing(mentioned, tag, alarms, together[language].rungUnstored, language);
}

function toRing(
  mentioned: readonly Mentioned[],
  tag: Tag | null,
  alarms: readonly ShownAlarm[],
  toAsk: (names: string) => string,
  language: Language,
): OutgoingActivity {
  const words: TogetherWords = together[language];
  const entities = [...toEntities(mentioned), ...(tag === null ? [] : [toTagEntity(tag, mentioned)])];
  const asked = toAsk(entities.map(({ text }) => text).join(", "));
  const count = words.alarms(alarms.length);
  if (tag === null) {
    const text = [`🔔 **${count}**`, toList(alarms, language), asked].join("\n\n");
    return { type: "message", text, entities };
  }
  const places = toCounted(
    alarms.map(({ place }) => place),
    maxPlaces,
    language,
  );
  const lines = [toRun(`🔔 ${count}`, { weight: "Bolder" }), ...places.map((place) => toRun(place))];
  return toRingingCard(
    lines.map((run) => toBlock([run])),
    asked,
    entities,
    count,
    { language },
  );
}

/** Where their cards stand. */
function toWhere(alarms: readonly ShownAlarm[], words: TogetherWords): string {
  const names = new Set(alarms.map(({ channel }) => toMessageText(channel, maxLineLengths.technical)));
  const [only = ""] = names;
  return names.size === 1 ? words.channel(only) : words.channels([...names].map((name) => `**${name}**`).join(", "));
}

function toList(alarms: readonly ShownAlarm[], language: Language): string {
  const lines = alarms.map(({ place, headline }) => `**${toMessageText(place, maxLineLengths.where)}**: ${headline}`);
  return toCounted(lines, maxPlaces, language)
    .map((line) => `- ${line}`)
    .join("\n");
}

/** As many as may be shown, and how many more there are. */
function toCounted(lines: readonly string[], most: number, language: Language): readonly string[] {
  const more = lines.length - most;
  return more <= 0 ? lines : [...lines.slice(0, most), terms[language].more(more)];
}
