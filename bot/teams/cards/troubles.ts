import type { SecretTrouble } from "../../domain/channel/client-secret.ts";
import type { Language } from "../../domain/language.ts";
import type { Trouble } from "../../ports/status.ts";
import { type TroubleWords, trouble as words } from "../../words/colleague/trouble.ts";
import { teamsTrouble } from "../../words/operator/teams-trouble.ts";
import { maxLineLengths, toSentenceStart } from "../../words/shared/line.ts";
import { toDate } from "../../words/shared/time.ts";
import { toAge } from "./age.ts";
import type { CardContext } from "./context.ts";
import { toMessageText } from "./message.ts";

interface Context extends Pick<CardContext, "language" | "names"> {
  /** Makes a name safe for where it goes; left out: for a message in Teams. */
  readonly toText?: (text: string, maxLength: number) => string;
}

/** More lines than this do not fit a phone below what is open. */
const maxLines = 8;
/** More names of one kind than this are left out of the day's line; the list has them all. */
const maxNames = 3;

/**
 * The worst first: what holds all of it, then a channel in which nobody is called, then a pager through which nobody
 * can be called, then what hides every press, then what hides one, then what may.
 */
const order = [
  "storage-gone",
  "storage-lost",
  "storage-aside",
  "storage-refuses",
  "storage-unread",
  "storage-shut",
  "storage-newer",
  "storage-unlocked",
  "storage-behind",
  "clock-behind",
  "clock-differs",
  "teams-lost",
  "pager-lost",
  "source-down",
  "source-silent",
  "button-error",
  "button-silent",
  "client-secret-ends",
  "route-unproven",
  "person-not-ready",
  "people-unproven",
  "button-unreadable",
  "battery-low",
  "button-unknown",
  "settings-weak",
] satisfies readonly Trouble["kind"][];

/**
 * What `status` says about the storage, the clock, Teams, the routes to external security, whom Teams can reach,
 * buttons, sources and settings, in markdown, a paragraph a line; nothing when all is well. `now`: epoch milliseconds.
 */
export function toTroubleList(troubles: readonly Trouble[], now: number, context: Context): string[] {
  const { list, pagerList, reachList, provenList, storageList, clockList, settingsList } = words[context.language];
  const ofPagers = troubles.filter((each) => "pager" in each);
  const ofSources = troubles.filter((each) => "source" in each);
  const ofTeams = troubles.filter(({ kind }) => kind === "teams-lost" || kind === "client-secret-ends");
  const ofClock = troubles.filter(({ kind }) => kind.startsWith("clock-"));
  const ofReach = troubles.filter(({ kind }) => kind === "person-not-ready");
  const ofRinging = troubles.filter(({ kind }) => kind === "people-unproven");
  const ofSettings = troubles.filter(({ kind }) => kind === "settings-weak");
  const ofStorage = troubles.filter(({ kind }) => kind.startsWith("storage-"));
  return [
    ...toTroubleSection(ofStorage, storageList, now, context),
    ...toTroubleSection(ofClock, clockList, now, context),
    ...toTroubleSection(ofTeams, teamsTrouble[context.language].list, now, context),
    ...toTroubleSection(ofPagers, pagerList, now, context),
    ...toTroubleSection(ofReach, reachList, now, context),
    ...toTroubleSection(ofRinging, provenList, now, context),
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
  return [heading(troubles.length), ...toTroubleEntries(troubles, maxLines, now, context)];
}

/** A line for each, in markdown, the worst first, and how many more than `limit` there are. */
export function toTroubleEntries(
  troubles: readonly Trouble[],
  limit: number,
  now: number,
  context: Context,
): readonly string[] {
  const rest = troubles.length - limit;
  const worstFirst = troubles.toSorted((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind));
  const lines = worstFirst.slice(0, limit).map((each) => toTroubleEntry(each, now, context));
  return [...lines, ...(rest > 0 ? [words[context.language].more(rest)] : [])];
}

/** The day's one line in the channel, in markdown. `bot`: its name in Teams. */
export function toTroubleLine(troubles: readonly Trouble[], bot: string, context: Context): string {
  return words[context.language].day(bot, toTroubleCounts(troubles, context));
}

/** What is wrong in a few words, those of one kind together, the worst first. */
export function toTroubleCounts(troubles: readonly Trouble[], context: Context): readonly string[] {
  const count = { ...words[context.language].count, ...teamsTrouble[context.language].count };
  return order.flatMap((kind) => {
    const same = troubles.filter((each) => each.kind === kind);
    return same.length === 0 ? [] : [`${count[kind](countAll(same))}${toNameList(same, context)}`];
  });
}

/** A trouble that names nobody may be of several people. */
function countAll(troubles: readonly Trouble[]): number {
  return troubles.reduce((sum, each) => sum + (each.kind === "people-unproven" ? each.count : 1), 0);
}

function toTroubleEntry(each: Trouble, now: number, context: Context): string {
  const { language } = context;
  const { line, neverHeard, neverProven, battery } = words[language];
  const where = toTroubleSubject(each, context);
  switch (each.kind) {
    case "teams-lost": {
      const { lost, why } = teamsTrouble[language];
      return lost(where, toAge(now - each.since, language), why[each.reason]);
    }
    case "client-secret-ends":
      return toSecretEntry(each, where, language);
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
    case "clock-differs":
      return line[each.kind](where, toAge(each.apartMs, language));
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
    case "storage-shut":
    case "storage-newer":
    case "storage-lost":
    case "storage-gone":
    case "people-unproven":
    case "settings-weak":
      return line[each.kind](where);
  }
}

function toSecretEntry({ endsOn, daysLeft }: SecretTrouble, where: string, language: Language): string {
  const { secretEnds, secretEnded } = teamsTrouble[language];
  const date = toDate(Date.parse(endsOn), "UTC", language);
  return daysLeft > 0 ? secretEnds(where, date, daysLeft) : secretEnded(where, date);
}

function toTroubleSubject(each: Trouble, context: Context): string {
  const { language, names, toText = toMessageText } = context;
  const toEscaped = (text: string) => toText(text, maxLineLengths.technical);
  const { at, button, pager, part, parts, storage, clock, people, settings }: TroubleWords = words[language];
  if (each.kind === "pager-lost")
    return part(toEscaped(names.pager(each.pager)), toEscaped(parts[each.part] ?? each.part));
  if ("pager" in each) return pager(toEscaped(names.pager(each.pager)));
  if (each.kind === "clock-behind" || each.kind === "clock-differs") return clock;
  if (each.kind === "teams-lost") return teamsTrouble[language].channel(toEscaped(each.channel));
  if (each.kind === "client-secret-ends") return teamsTrouble[language].secret;
  if (each.kind === "person-not-ready") return toText(each.person.name, maxLineLengths.name);
  if (each.kind === "people-unproven") return people(each.count);
  if (each.kind === "settings-weak") return settings(each.count);
  if (!("source" in each)) return storage;
  if (!("button" in each)) return toSentenceStart(toEscaped(names.source(each.source)));
  const place = "place" in each ? each.place : null;
  return place === null
    ? button(toEscaped(each.button), toEscaped(names.source(each.source)))
    : at(toText(place, maxLineLengths.place), toEscaped(each.button));
}

function toNameList(troubles: readonly Trouble[], context: Context): string {
  const all = [...new Set(troubles.flatMap((each) => toTroubleName(each, context)))];
  if (all.length === 0) return "";
  const rest = all.length - maxNames;
  return ` (${all.slice(0, maxNames).join(", ")}${rest > 0 ? ", …" : ""})`;
}

/** What has the trouble; nothing where its kind says it all. */
function toTroubleName(each: Trouble, { names, toText = toMessageText }: Context): string[] {
  const toEscaped = (text: string) => toText(text, maxLineLengths.technical);
  if ("pager" in each) return [toEscaped(names.pager(each.pager))];
  if ("channel" in each) return [toEscaped(each.channel)];
  if (!("source" in each)) return [];
  if (!("button" in each)) return [toEscaped(names.source(each.source))];
  return [toEscaped(("place" in each ? each.place : null) ?? each.button)];
}
