import { isDeepStrictEqual } from "node:util";
import type { Configuration, PagerEntry, SourceEntry } from "../config/configuration.ts";
import { teamsType } from "../config/configuration.ts";
import { toNamed } from "../config/named.ts";
import type { ReadyPager } from "../contracts.ts";
import { isListener } from "./kinds.ts";

/** What of a new configuration counts while the bot runs, and what of it would need a restart. */
export interface NewConfiguration {
  readonly configuration: Configuration;
  /** Settings that stay as they were, by their paths. */
  readonly needsRestart: readonly string[];
}

/** Sections that hold doors, connections and threads of their own, and stay as they were. */
const fixedSections = [
  ...["organisation", "language", "timezone", "listen", "publicUrl", "database"],
  ...["metricsToken", "doctorToken", "guardKeys", "teams", "troubles", "contact"],
] as const satisfies readonly (keyof Configuration)[];

/**
 * Which names were added, taken away or given to something of another type: with them other parts of the file may refer
 * to what is not there, so that nothing of it can count before a restart. By their paths.
 */
export function findNewParts(before: Configuration, after: Configuration): readonly string[] {
  return [
    ...findOtherNames("channels", before.channels, after.channels, () => ""),
    ...findOtherNames("sources", before.sources, after.sources, ({ type }) => type),
    ...findOtherNames("pagers", before.pagers, after.pagers, ({ type }) => type),
  ];
}

/** Takes from a new configuration what can change while the bot runs; the rest stays as it was. */
export function mergeConfiguration(
  before: Configuration,
  after: Configuration,
  pagers: Readonly<Record<string, ReadyPager>>,
): NewConfiguration {
  const fixed = fixedSections.filter((section) => !isDeepStrictEqual(before[section], after[section]));
  const sources = keepFixed("sources", before.sources, after.sources, keepSource);
  const kept = keepFixed("pagers", before.pagers, after.pagers, (old, entry, name) =>
    keepPager(old, entry, pagers[name]?.supervise !== undefined),
  );
  const channels = keepFixed("channels", before.channels, after.channels, ({ conversation }, entry) => {
    return { ...entry, conversation };
  });
  const sections = Object.fromEntries(fixedSections.map((section) => [section, before[section]]));
  return {
    configuration: {
      ...after,
      ...sections,
      sources: sources.entries,
      pagers: kept.entries,
      channels: channels.entries,
    },
    needsRestart: [...fixed, ...channels.needsRestart, ...sources.needsRestart, ...kept.needsRestart],
  };
}

/** A source that holds a connection keeps its settings; what is typed in Teams stays in its channel. */
function keepSource(old: SourceEntry, entry: SourceEntry): SourceEntry {
  if (isListener(entry.type)) return { ...entry, options: old.options };
  return entry.type === teamsType ? { ...entry, channel: old.channel } : entry;
}

/** A route that is supervised keeps its settings, because its receivers know the sender that polls them. */
function keepPager(old: PagerEntry, entry: PagerEntry, isSupervised: boolean): PagerEntry {
  return isSupervised ? { ...entry, options: old.options } : entry;
}

/** The new entries with what has to stay of the old ones, and the paths of those that differ by that. */
function keepFixed<Entry>(
  section: string,
  before: Readonly<Record<string, Entry>>,
  after: Readonly<Record<string, Entry>>,
  keep: (old: Entry, entry: Entry, name: string) => Entry,
): { readonly entries: Readonly<Record<string, Entry>>; readonly needsRestart: readonly string[] } {
  const needsRestart: string[] = [];
  const entries = Object.entries(after).map(([name, entry]) => {
    const old = before[name];
    const kept = old === undefined ? entry : keep(old, entry, name);
    if (!isDeepStrictEqual(kept, entry)) needsRestart.push(`${section}.${name}`);
    return [name, kept] as const;
  });
  return { entries: toNamed(entries), needsRestart };
}

function findOtherNames<Entry>(
  section: string,
  before: Readonly<Record<string, Entry>>,
  after: Readonly<Record<string, Entry>>,
  toType: (entry: Entry) => string,
): readonly string[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  const isOther = (name: string) => {
    const [old, entry] = [before[name], after[name]];
    return old === undefined || entry === undefined || toType(old) !== toType(entry);
  };
  return names.filter(isOther).map((name) => `${section}.${name}`);
}
