import type { Incident } from "../../domain/incident/incident.ts";
import type { Language } from "../../domain/language.ts";
import type { Status } from "../../ports/status.ts";
import { channel } from "../../words/colleague/channel.ts";
import { ringTest } from "../../words/colleague/ring-test.ts";
import { secretUse } from "../../words/operator/secret-use.ts";
import { maxLineLengths } from "../../words/shared/line.ts";
import { toAge } from "./age.ts";
import type { CardContext } from "./context.ts";
import { toMessageText } from "./message.ts";
import { toPlaceLine } from "./place.ts";
import { toTroubleList } from "./troubles.ts";

type Context = Pick<CardContext, "language" | "names">;

/** More open alarms than this do not fit a phone; the newest stand first. */
const maxIncidents = 10;
const maxUnproven = 30;

/** The answer to `status`, in markdown. `now`: epoch milliseconds. */
export function toStatusText(status: Status, now: number, context: Context): string {
  const { language, names } = context;
  const words = channel[language].status;
  const more = status.openCount - Math.min(maxIncidents, status.open.length);
  const linked = status.channels.filter((entry) => entry.isLinked).map(({ name }) => toNameText(name));
  const notLinked = status.channels.filter((entry) => !entry.isLinked).map(({ name }) => toNameText(name));
  return [
    ...toOpenLines(status, language),
    ...status.open.slice(0, maxIncidents).map((incident) => toIncidentLine(incident, now, context)),
    ...(more > 0 ? [words.more(more)] : []),
    ...toUnrecordedLines(status, now, context),
    toDuty(status, language),
    ...(linked.length > 0 ? [words.linked(linked)] : []),
    ...(notLinked.length > 0 ? [words.notLinked(notLinked)] : []),
    words.pagers(status.pagers.map((pager) => toNameText(names.pager(pager)))),
    ...toTroubleList(status.troubles, now, context),
    ...toUnprovenLines(status, language),
    ...toSecretLines(status, now, language),
  ].join("\n\n");
}

/** What stands over the open alarms; that there are none is said only where that is known, and all there is. */
function toOpenLines({ openCount, isOpenRead, unrecorded }: Status, language: Language): string[] {
  const words = channel[language].status;
  if (!isOpenRead) return [words.openUnread, ...(openCount > 0 ? [words.known(openCount)] : [])];
  return openCount === 0 && unrecorded.length > 0 ? [] : [words.open(openCount)];
}

function toUnrecordedLines({ unrecorded }: Status, now: number, context: Context): string[] {
  if (unrecorded.length === 0) return [];
  const words = channel[context.language].status;
  const newest = unrecorded.toSorted((a, b) => b.receivedAt - a.receivedAt).slice(0, maxIncidents);
  const more = unrecorded.length - newest.length;
  return [
    words.unrecorded(unrecorded.length),
    ...newest.map(({ press, receivedAt }) => {
      const place = toMessageText(toPlaceLine(press, context), maxLineLengths.where);
      return words.unnumbered(place, toAge(now - receivedAt, context.language));
    }),
    ...(more > 0 ? [words.more(more)] : []),
  ];
}

function toDuty({ onDuty }: Status, language: Language): string {
  const words = channel[language].status;
  if (onDuty === null) return words.noRoster;
  return onDuty.length === 0 ? words.nobodyOnDuty : words.onDuty(onDuty.map(({ name }) => toNameText(name)));
}

function toUnprovenLines({ unproven }: Status, language: Language): string[] {
  const words = ringTest[language];
  if (unproven === null) return [words.unprovenUnread];
  if (unproven.length === 0) return [];
  const lines = unproven.slice(0, maxUnproven).map(({ person, routes }) => {
    return `- ${toNameText(person.name)} (${routes.map((route) => words.route[route]).join(", ")})`;
  });
  const rest = unproven.length - lines.length;
  return [words.unproven(unproven.length), ...lines, ...(rest > 0 ? [`- ${words.more(rest)}`] : [])];
}

function toSecretLines({ secretUses }: Status, now: number, language: Language): string[] {
  const bySecret = Map.groupBy(secretUses, ({ secret }) => secret);
  return [...bySecret].flatMap(([secret, uses]) => {
    const [old, fresh] = (["second", "first"] as const).map((value) => {
      const found = uses.find((each) => each.value === value);
      return found === undefined ? null : toAge(now - found.at, language);
    });
    if (old == null) return [];
    return [secretUse[language].used(toMessageText(secret, maxLineLengths.technical), old, fresh ?? null)];
  });
}

function toNameText(name: string): string {
  return toMessageText(name, maxLineLengths.name);
}

function toIncidentLine(incident: Incident, now: number, context: Context): string {
  const { language } = context;
  const place = toMessageText(toPlaceLine(incident, context), maxLineLengths.where);
  return channel[language].status.incident(incident.number, place, toAge(now - incident.openedAt, language));
}
