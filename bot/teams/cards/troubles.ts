import type { Language } from "../../domain/language.ts";
import type { Names } from "../../domain/names.ts";
import type { Trouble } from "../../ports/status.ts";
import { type TroubleWords, trouble as words } from "../../words/colleague/trouble.ts";
import { maxLineLengths, toSentenceStart } from "../../words/shared/line.ts";
import { toAge } from "./age.ts";
import type { CardContext } from "./context.ts";
import { toMessageText } from "./message.ts";

type Context = Pick<CardContext, "language" | "names">;

/** More lines than this do not fit a phone below what is open. */
const maxLines = 8;
/** More names of one kind than this are left out of the day's line; the list has them all. */
const maxNames = 3;

/**
 * The worst first: what holds all of it, then a pager through which nobody can be called, then what hides every press,
 * then what hides one, then what may.
 */
const order = [
  "storage-gone",
  "storage-lost",
  "storage-aside",
  "storage-refuses",
  "storage-unread",
  "storage-unlocked",
  "storage-behind",
  "clock-behind",
  "pager-lost",
  "source-down",
  "source-silent",
  "button-error",
  "button-silent",
  "route-unproven",
  "person-not-ready",
  "button-unreadable",
  "battery-low",
  "button-unknown",
  "settings-weak",
] satisfies readonly Trouble["kind"][];

/**
 * What `status` says about the storage, the clock, the routes to external security, whom Teams can reach, buttons,
 * sources and settings, in markdown, a paragraph a line; nothing when all is well. `now`: epoch milliseconds.
 */
export function toTroubleList(troubles: readonly Trouble[], now: number, context: Context): string[] {
  const { list, pagerList, reachList, storageList, clockList, settingsList } = words[context.language];
  const ofPagers = troubles.filter((each) => "pager" in each);
  const ofSources = troubles.filter((each) => "source" in each);
  const ofClock = troubles.filter(({ kind }) => kind === "clock-behind");
  const ofReach = troubles.filter(({ kind }) => kind === "person-not-ready");
  const ofSettings = troubles.filter(({ kind }) => kind === "settings-weak");
  const ofStorage = troubles.filter(({ kind }) => kind.startsWith("storage-"));
  return [
    ...toTroubleSection(ofStorage, storageList, now, context),
    ...toTroubleSection(ofClock, clockList, now, context),
    ...toTroubleSection(ofPagers, pagerList, now, context),
    ...toTroubleSection(ofReach, reachList, now, context),
    ...toTroubleSection(ofSources, list, now, context),
    ...toTroubleSection(ofSettings, settingsList, now, context),
  ];
}

function toTroubleSection(
  troubles: readonly Trouble[],
  heading: (count: number) => string,
  now: number,
  context: Context,
): string[] {
  if (troubles.length === 0) return [];
  const { more } = words[context.language];
  const rest = troubles.length - maxLines;
  const worstFirst = troubles.toSorted((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind));
  const lines = worstFirst.slice(0, maxLines).map((each) => toTroubleEntry(each, now, context));
  return [heading(troubles.length), ...lines, ...(rest > 0 ? [more(rest)] : [])];
}

/** The day's one line in the channel, in markdown. `bot`: its name in Teams. */
export function toTroubleLine(troubles: readonly Trouble[], bot: string, { language, names }: Context): string {
  const counts = order.flatMap((kind) => {
    const same = troubles.filter((each) => each.kind === kind);
    return same.length === 0 ? [] : [`${words[language].count[kind](same.length)}${toNameList(same, names)}`];
  });
  return words[language].day(bot, counts);
}

function toTroubleEntry(each: Trouble, now: number, { language, names }: Context): string {
  const { line, neverHeard, neverProven, battery } = words[language];
  const where = toTroubleSubject(each, language, names);
  switch (each.kind) {
    case "source-silent":
      return line[each.kind](where, toAge(now - each.lastAt, language));
    case "source-down":
    case "button-error":
    case "pager-lost":
    case "person-not-ready":
    case "storage-aside":
    case "storage-refuses":
    case "storage-unread":
    case "storage-behind":
      return line[each.kind](where, toAge(now - each.since, language));
    case "clock-behind":
      return line[each.kind](where, toAge(each.behindMs, language));
    case "button-silent":
      if (each.lastAt === null) return neverHeard(where);
      return line[each.kind](where, toAge(now - each.lastAt, language));
    case "route-unproven":
      if (each.lastAt === null) return neverProven(where);
      return line[each.kind](where, toAge(now - each.lastAt, language));
    case "battery-low":
      return each.battery === null ? line[each.kind](where) : battery(where, Math.round(each.battery * 100));
    case "button-unreadable":
    case "button-unknown":
    case "storage-unlocked":
    case "storage-lost":
    case "storage-gone":
    case "settings-weak":
      return line[each.kind](where);
  }
}

function toTroubleSubject(each: Trouble, language: Language, names: Names): string {
  const { at, button, pager, part, parts, storage, clock, settings }: TroubleWords = words[language];
  if (each.kind === "pager-lost")
    return part(toEscaped(names.pager(each.pager)), toEscaped(parts[each.part] ?? each.part));
  if ("pager" in each) return pager(toEscaped(names.pager(each.pager)));
  if (each.kind === "clock-behind") return clock;
  if (each.kind === "person-not-ready") return toMessageText(each.person.name, maxLineLengths.name);
  if (each.kind === "settings-weak") return settings(each.count);
  if (!("source" in each)) return storage;
  if (!("button" in each)) return toSentenceStart(toEscaped(names.source(each.source)));
  const place = "place" in each ? each.place : null;
  return place === null
    ? button(toEscaped(each.button), toEscaped(names.source(each.source)))
    : at(toMessageText(place, maxLineLengths.place), toEscaped(each.button));
}

function toNameList(troubles: readonly Trouble[], names: Names): string {
  const all = [...new Set(troubles.flatMap((each) => toTroubleName(each, names)))];
  if (all.length === 0) return "";
  const rest = all.length - maxNames;
  return ` (${all.slice(0, maxNames).join(", ")}${rest > 0 ? ", …" : ""})`;
}

/** What has the trouble; nothing where its kind says it all. */
function toTroubleName(each: Trouble, names: Names): string[] {
  if ("pager" in each) return [toEscaped(names.pager(each.pager))];
  if (!("source" in each)) return [];
  if (!("button" in each)) return [toEscaped(names.source(each.source))];
  return [toEscaped(("place" in each ? each.place : null) ?? each.button)];
}

function toEscaped(text: string): string {
  return toMessageText(text, maxLineLengths.technical);
}
