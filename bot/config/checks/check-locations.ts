import { isStationedAt } from "../../domain/location.ts";
import { isPartOf, isTypedAnyway, toNameForm } from "../../domain/location-name.ts";
import type { Chained } from "../chains.ts";
import {
  type ButtonEntry,
  type LocationEntry,
  onDuty,
  type PersonEntry,
  type SourceEntry,
  teamsType,
} from "../configuration.ts";
import type { Path } from "../document/document.ts";
import type { NamedEntry } from "../document/entries.ts";
import type { Findings } from "../document/findings.ts";
import { findGap, toMoment } from "../duty.ts";
import { checkReference } from "./check-names.ts";

/** What of the configuration may name a location, a policy or a channel. */
export interface Located {
  readonly sources: Readonly<Record<string, SourceEntry>>;
  readonly buttons: readonly ButtonEntry[];
  readonly people: readonly PersonEntry[];
  readonly locations: NamedEntry<LocationEntry>;
}

/** Finds locations, and policies and channels of locations and buttons, that are not there. */
export function checkLocationReferences(
  { sources, buttons, people, locations }: Located,
  policies: readonly string[] | null,
  channels: readonly string[] | null,
  findings: Findings,
): void {
  function check(
    what: "location" | "policy" | "channel",
    name: string | null,
    path: Path,
    known: readonly string[] | null,
  ): void {
    if (name !== null) checkReference(what, name, path, known, findings);
  }
  for (const [name, { location }] of Object.entries(sources)) {
    check("location", location, ["sources", name, "location"], locations.names);
  }
  buttons.forEach(({ location, policy, channel }, index) => {
    check("location", location, ["buttons", index, "location"], locations.names);
    check("policy", policy, ["buttons", index, "policy"], policies);
    check("channel", channel, ["buttons", index, "channel"], channels);
  });
  people.forEach((person, index) => {
    person.locations?.forEach((name, at) => {
      check("location", name, ["people", index, "locations", at], locations.names);
    });
  });
  for (const [name, { policy, channel }] of Object.entries(locations.entries)) {
    check("policy", policy, ["locations", name, "policy"], policies);
    check("channel", channel, ["locations", name, "channel"], channels);
  }
}

/**
 * Finds two locations that people would call, or type, the same, because nobody could say which is meant, and aliases
 * that nobody can type, or that people type for something else, which would take their alarms there. Warns of such a
 * name, and of one that is the place of a button elsewhere.
 */
export function checkLocationNames({ sources, buttons, locations: { entries } }: Located, findings: Findings): void {
  const named = Object.entries(entries).map(([key, { name }]) => ({ key, name, setting: ["name"] }));
  const others = Object.entries(entries).flatMap(([key, { aliases }]) =>
    aliases.map((name, at) => ({ key, name, setting: ["aliases", at] })),
  );
  const places = Map.groupBy(
    buttons.filter(({ place }) => place !== null),
    ({ place }) => place ?? "",
  );
  const hanging = new Map(Array.from(places, ([place, own]) => [toNameForm(place), own] as const));
  const { problems, warnings } = findings.words;
  const seen = new Map<string, string>();
  for (const { key, name, setting } of [...named, ...others]) {
    const path = ["locations", key, ...setting];
    const form = toNameForm(name);
    if (form === "" && setting[0] === "aliases") findings.addProblem(path, problems.untypable);
    const other = seen.get(form || name);
    if (other !== undefined) findings.addProblem(path, other === key ? problems.calledAlready : problems.otherCalled);
    seen.set(form || name, other ?? key);
    checkTyped({ key, name, path }, [...named, ...others], findings);
    const isElsewhere = hanging.get(form)?.some(({ location, source }) => {
      return (location ?? sources[source]?.location ?? key) !== key;
    });
    if (isElsewhere) findings.addWarning(`locations.${key}.${setting[0]}`, warnings.placeElsewhere);
  }
}

interface Called {
  readonly key: string;
  readonly name: string;
}

/** A name stands in a longer one where a building has parts; an alias there takes the alarms of another building. */
function checkTyped({ key, name, path }: Called & { path: Path }, all: readonly Called[], findings: Findings): void {
  if (toNameForm(name) === "") return;
  const { problems, warnings } = findings.words;
  // What a building is called it is called; what else it is called can be left out.
  if (!path.includes("aliases")) {
    if (isTypedAnyway(name)) findings.addWarning(`locations.${key}.name`, warnings.typedAnyway);
  } else if (isTypedAnyway(name)) findings.addProblem(path, problems.typedAnyway);
  else {
    const longer = all.find((other) => other.key !== key && isPartOf(name, other.name));
    if (longer !== undefined) findings.addProblem(path, problems.partOfName(longer.key));
  }
}

/**
 * Warns of what would make an alarm at a location reach the wrong people, or nobody (rules 21 and 22). `sharing`: the
 * locations whose alarms go to each channel.
 */
export function checkLocations(
  { people, locations: { names, entries } }: Located,
  sharing: Readonly<Record<string, readonly string[]>>,
  hasRoster: boolean,
  findings: Findings,
): void {
  const { warnings } = findings.words;
  if (names?.length === 0 && hasRoster) findings.addWarning("locations", warnings.noLocations);
  for (const [key, { address, phone }] of Object.entries(entries)) {
    const at = `locations.${key}`;
    if (address === null) findings.addWarning(at, warnings.noAddress);
    if (phone === null) findings.addWarning(at, warnings.noPhone);
    const responders = people.filter((person) => isStationedAt(person, [key]));
    const gap = hasRoster ? findGap(responders.map(({ onDuty }) => onDuty)) : null;
    if (gap === null) continue;
    findings.addWarning(at, responders.length === 0 ? warnings.nobodyThere : warnings.gap(toMoment(gap)));
  }
  for (const [channel, keys] of Object.entries(sharing)) {
    if (!hasRoster && keys.length > 1) findings.addWarning(`channels.${channel}`, warnings.sharedChannel(keys));
  }
}

/**
 * Warns of a call-back that would reach nobody, and of what may be the code word itself. `isTold`: whether some pager
 * that is called for that location may tell a colleague's number.
 */
export function checkCallBacks(
  { people, locations: { entries } }: Located,
  isTold: (location: string) => boolean,
  findings: Findings,
): void {
  const { warnings } = findings.words;
  for (const [key, { phone, codeWord }] of Object.entries(entries)) {
    // Where a word lies takes more than one to say.
    if (codeWord !== null && !codeWord.includes(" "))
      findings.addWarning(`locations.${key}.codeWord`, warnings.codeWord);
    if (phone !== onDuty) continue;
    if (!isTold(key)) findings.addWarning(`locations.${key}.phone`, warnings.notTold);
    const callees = people.filter((person) => person.phone !== null && isStationedAt(person, [key]));
    if (callees.length === 0) findings.addWarning(`locations.${key}.phone`, warnings.noCallee);
  }
}

/** Warns of sources whose alarms go to several channels: one that can't be read stands in one, wherever it is from. */
export function checkSpread({ sources }: Located, chains: readonly Chained[], findings: Findings): void {
  for (const [source, own] of Map.groupBy(chains, (chain) => chain.source)) {
    const channels = [...new Set(own.map(({ channel }) => channel))];
    // What is typed can be read.
    if (channels.length < 2 || sources[source]?.type === teamsType) continue;
    findings.addWarning(`sources.${source}`, findings.words.warnings.spread(channels));
  }
}

/** Warns of buttons of which nobody knows where they are, though there are locations; once for each source. */
export function checkLost({ sources, buttons, locations }: Located, findings: Findings): void {
  if (locations.names?.length === 0) return;
  const lost = buttons.flatMap(({ source, location }, index) =>
    location === null && sources[source]?.location === null ? [{ source, index }] : [],
  );
  for (const [source, [first, ...more]] of Map.groupBy(lost, (each) => each.source)) {
    if (first === undefined) continue;
    const { lost: alone, lostWithMore } = findings.words.warnings;
    findings.addWarning(`buttons[${first.index}]`, more.length === 0 ? alone : lostWithMore(source, more.length));
  }
}
