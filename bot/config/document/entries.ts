import { z } from "zod";
import { toExpected } from "../../words/settings/expects.ts";
import type { LocationEntry, PagerEntry, SourceEntry } from "../configuration.ts";
import { toNamed } from "../named.ts";
import type { Path } from "./document.ts";
import * as format from "./file-format.ts";
import type { Findings } from "./findings.ts";
import { parseSection } from "./section.ts";

/** A kind of source or pager, with the schema of its own settings. */
type KindList<Kind = object> = Readonly<Record<string, Kind & { readonly Options: z.ZodType }>>;

/** The kinds that exist; the list of adapters has this shape. */
export interface Kinds {
  readonly sources: KindList<{ readonly hasHeartbeat: boolean }>;
  readonly pagers: KindList<{
    readonly canCall: boolean;
    readonly canTell: boolean;
    readonly mayGetPhones: boolean;
    addresses(options: unknown): readonly { readonly host: string; readonly isPlain: boolean }[];
    tellsWhere?(options: unknown): boolean;
    findWeaknesses?(options: unknown): readonly string[];
  }>;
  /** Whether nothing is ever sent to that address. */
  readonly isForbidden: (host: string) => boolean;
}

/**
 * How long a button may be silent when its source does not say: the usual supervision of fixed and of personal alarms.
 */
const silentAfterDefault = { fixedMs: 25 * 3_600_000, fieldMs: 30 * 60_000 };

/**
 * A section of named things: all names in the file, and what could be parsed. `names` null: the section can't be read,
 * so that nobody knows what is missing from it.
 */
export interface NamedEntry<T> {
  readonly names: readonly string[] | null;
  readonly entries: Readonly<Record<string, T>>;
}

/** Parses a section of named things, of which there has to be one at least. */
export function parseEntries<T>(
  section: string,
  value: unknown,
  name: z.ZodType<string>,
  schema: z.ZodType<T>,
  findings: Findings,
): NamedEntry<T> {
  return mapEntries(section, value, name, findings, (entry, path) => parseSection(schema, entry, path, findings));
}

/** Parses `locations`, which may be left out. */
export function parseLocations(value: unknown, findings: Findings): NamedEntry<LocationEntry> {
  if (value === undefined) return { names: [], entries: {} };
  return parseEntries("locations", value, format.Name, format.LocationEntry, findings);
}

/** Parses `sources`; what is no setting of every source belongs to the type. */
export function parseSources(value: unknown, kinds: Kinds, findings: Findings): NamedEntry<SourceEntry> {
  return mapEntries("sources", value, format.Name, findings, (entry, path) => {
    const source = parseSection(format.SourceEntry, entry, path, findings);
    if (source === null) return null;
    const { type, label, policy, channel, location, silentAfter, ...rest } = source;
    const sectionKeys = ["type", "label", "policy", "channel", "location", "silentAfter"];
    const options = parseOptions(kinds.sources, type, rest, sectionKeys, path, findings);
    const hasHeartbeat = Object.hasOwn(kinds.sources, type) && kinds.sources[type]?.hasHeartbeat === true;
    return { type, label, policy, channel, location, silentAfter: toSilentAfter(silentAfter, hasHeartbeat), options };
  });
}

/** Parses `pagers`; what is not `type`, `label` or `mayShowPhones` belongs to the type. */
export function parsePagers(value: unknown, kinds: Kinds, findings: Findings): NamedEntry<PagerEntry> {
  return mapEntries("pagers", value, format.Name, findings, (entry, path) => {
    const pager = parseSection(format.PagerEntry, entry, path, findings);
    if (pager === null) return null;
    const { type, label, mayShowPhones, ...rest } = pager;
    const options = parseOptions(kinds.pagers, type, rest, ["type", "label", "mayShowPhones"], path, findings);
    const kind = Object.hasOwn(kinds.pagers, type) ? kinds.pagers[type] : undefined;
    const addresses = kind === undefined || options === null ? [] : kind.addresses(options);
    for (const { host } of addresses.filter((address) => kinds.isForbidden(address.host))) {
      findings.addProblem(path, findings.words.problems.linkLocal(host));
    }
    warnOfAddresses(path.join("."), addresses, findings);
    if (options !== null) {
      for (const message of kind?.findWeaknesses?.(options) ?? [])
        findings.addWeakness(path.join("."), toExpected(message, findings.language) ?? message);
    }
    if (mayShowPhones && kind?.mayGetPhones === false) {
      findings.addProblem([...path, "mayShowPhones"], findings.words.problems.mayShowPhones);
    }
    const tellsWhere = options === null || (kind?.tellsWhere?.(options) ?? true);
    const abilities = { canCall: kind?.canCall === true, canTell: kind?.canTell === true, tellsWhere };
    return { type, label, options, mayShowPhones, ...abilities };
  });
}

/** Warns of addresses that are allowed but may be a forgotten test; a loopback address may be the end of a tunnel. */
function warnOfAddresses(
  path: string,
  addresses: readonly { readonly host: string; readonly isPlain: boolean }[],
  findings: Findings,
): void {
  if (addresses.some(({ host }) => format.isLoopback(host))) {
    findings.addWarning(path, findings.words.warnings.toThisMachine);
  }
  if (addresses.some(({ isPlain }) => isPlain)) findings.addWarning(path, findings.words.warnings.pagesInTheClear);
}

function toSilentAfter(configured: "never" | number | undefined, hasHeartbeat: boolean): SourceEntry["silentAfter"] {
  if (configured === undefined) return hasHeartbeat ? silentAfterDefault : null;
  return configured === "never" ? null : { fixedMs: configured, fieldMs: configured };
}

function mapEntries<T>(
  section: string,
  value: unknown,
  name: z.ZodType<string>,
  findings: Findings,
  parse: (entry: unknown, path: Path) => T | null,
): NamedEntry<T> {
  const found = parseSection(format.Entries, value, [section], findings);
  if (found === null) return { names: null, entries: {} };
  const parsed: [string, T][] = [];
  for (const [key, entry] of Object.entries(found)) {
    const path = [section, key];
    parseSection(name, key, path, findings);
    const parsedEntry = parse(entry, path);
    if (parsedEntry !== null) parsed.push([key, parsedEntry]);
  }
  return { names: Object.keys(found), entries: toNamed(parsed) };
}

function parseOptions(
  kinds: KindList,
  type: string,
  rest: unknown,
  sectionKeys: readonly string[],
  path: Path,
  findings: Findings,
): unknown {
  const kind = Object.hasOwn(kinds, type) ? kinds[type] : undefined;
  if (kind === undefined) {
    const { problems, readings } = findings.words;
    findings.addProblem([...path, "type"], { wrong: problems.noType, expected: readings.oneOf(Object.keys(kinds)) });
    return null;
  }
  // A setting that nobody reads is a mistake, whatever the type's schema thinks of it.
  const schema = kind.Options instanceof z.ZodObject ? kind.Options.strict() : kind.Options;
  return parseSection(schema, rest, path, findings, sectionKeys);
}
