import type { Incident } from "../../../domain/incident/incident.ts";
import type { Tag } from "../../../domain/incident/policy.ts";
import type { Language } from "../../../domain/language.ts";
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

/** An alarm among others, with how it is shown. */
export interface ShownAlarm {
  readonly incident: Incident;
  readonly context: CardContext;
}

/** 1:1 to a person on duty about several alarms. `summary` is plain text for the notification. */
export function toDirectMessageOfMany(
  alarms: readonly ShownAlarm[],
  language: Language,
): { readonly text: string; readonly summary: string } {
  const words: TogetherWords = together[language];
  const places = alarms.map(({ incident, context }) => toPlaceLine(incident, context));
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
  const words: TogetherWords = together[language];
  const entities = [...toEntities(mentioned), ...(tag === null ? [] : [toTagEntity(tag)])];
  const asked = words.rung(entities.map(({ text }) => text).join(", "));
  const headline = words.alarms(alarms.length);
  if (tag === null) {
    const text = [`🔔 **${headline}**`, toList(alarms, language), asked].join("\n\n");
    return { type: "message", text, entities };
  }
  const places = toCounted(
    alarms.map(({ incident, context }) => toPlaceLine(incident, context)),
    maxPlaces,
    language,
  );
  const lines = [toRun(`🔔 ${headline}`, { weight: "Bolder" }), ...places.map((place) => toRun(place))];
  return toRingingCard(
    lines.map((run) => toBlock([run])),
    asked,
    entities,
    headline,
    { language },
  );
}

/** Where their cards stand. */
function toWhere(alarms: readonly ShownAlarm[], words: TogetherWords): string {
  const names = new Set(alarms.map(({ incident }) => toMessageText(incident.channel, maxLineLengths.technical)));
  const [only = ""] = names;
  return names.size === 1 ? words.channel(only) : words.channels([...names].map((name) => `**${name}**`).join(", "));
}

function toList(alarms: readonly ShownAlarm[], language: Language): string {
  const lines = alarms.map(({ incident, context }) => {
    const place = toMessageText(toPlaceLine(incident, context), maxLineLengths.place);
    return `**${place}**: ${toHeadline(toStanding(incident, context.policy), context)}`;
  });
  return toCounted(lines, maxPlaces, language)
    .map((line) => `- ${line}`)
    .join("\n");
}

/** As many as may be shown, and how many more there are. */
function toCounted(lines: readonly string[], most: number, language: Language): readonly string[] {
  const more = lines.length - most;
  return more <= 0 ? lines : [...lines.slice(0, most), terms[language].more(more)];
}
