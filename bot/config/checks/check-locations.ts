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
  function check(what: string, name: string | null, path: Path, known: readonly string[] | null): void {
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
  const seen = new Map<string, string>();
  for (const { key, name, setting } of [...named, ...others]) {
    const path = ["locations", key, ...setting];
    const form = toNameForm(name);
    if (form === "" && setting[0] === "aliases") findings.addProblem(path, "nobody can type it", "letters or digits");
    const other = seen.get(form || name);
    const wrong = other === key ? "it is called that already" : "another one is called that";
    if (other !== undefined) findings.addProblem(path, wrong, "a name of its own");
    seen.set(form || name, other ?? key);
    checkTyped({ key, name, path }, [...named, ...others], findings);
    const isElsewhere = hanging.get(form)?.some(({ location, source }) => {
      return (location ?? sources[source]?.location ?? key) !== key;
    });
    const clash = "a button elsewhere has that for its place, so whoever types the place names this location";
    if (isElsewhere) findings.addWarning(`locations.${key}.${setting[0]}: ${clash}`);
  }
}

interface Called {
  readonly key: string;
  readonly name: string;
}

/** A name stands in a longer one where a building has parts; an alias there takes the alarms of another building. */
function checkTyped({ key, name, path }: Called & { path: Path }, all: readonly Called[], findings: Findings): void {
  if (toNameForm(name) === "") return;
  const own = "a name with a word that is its own, of 3 letters or more";
  const typed = "people type that for a room, an answer or a command";
  // What a building is called it is called; what else it is called can be left out.
  if (!path.includes("aliases")) {
    if (isTypedAnyway(name)) findings.addWarning(`locations.${key}.name: ${typed}, whose alarms may come here`);
  } else if (isTypedAnyway(name)) findings.addProblem(path, typed, own);
  else {
    const longer = all.find((other) => other.key !== key && isPartOf(name, other.name));
    const clash = `it is a part of what ${longer?.key} is called, whose alarms would come here`;
    if (longer !== undefined) findings.addProblem(path, clash, own);
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
  if (names?.length === 0 && hasRoster)
    findings.addWarning("locations: there are none, so everybody on duty is rung for every alarm, wherever it is");
  for (const [key, { address, phone }] of Object.entries(entries)) {
    const name = `locations.${key}`;
    if (address === null) findings.addWarning(`${name}: it has no address, without which nobody from outside finds it`);
    if (phone === null) findings.addWarning(`${name}: it has no phone, so external security can't call back`);
    const responders = people.filter((person) => isStationedAt(person, [key]));
    const gap = hasRoster ? findGap(responders.map(({ onDuty }) => onDuty)) : null;
    if (gap === null) continue;
    if (responders.length === 0) {
      const alone = "an alarm rings the tag of its channel at most, and calls external security at once";
      findings.addWarning(`${name}: nobody in people may come there, so ${alone}`);
      continue;
    }
    const from = `from ${toMoment(gap)} on nobody is on duty there`;
    findings.addWarning(`${name}: ${from}, so an alarm calls external security at once`);
  }
  for (const [channel, keys] of Object.entries(sharing)) {
    if (hasRoster || keys.length < 2) continue;
    const shared = `it is the channel of ${keys.join(", ")}, and there are no people`;
    findings.addWarning(`channels.${channel}: ${shared}, so nobody in it knows for whom an alarm is`);
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
  for (const [key, { phone, codeWord }] of Object.entries(entries)) {
    const name = `locations.${key}`;
    // Where a word lies takes more than one to say.
    if (codeWord !== null && !codeWord.includes(" "))
      findings.addWarning(`${name}.codeWord: if this is the word itself, write where it lies in its place`);
    if (phone !== onDuty) continue;
    if (!isTold(key)) {
      const untold = "no pager of its policies has mayShowPhones: true";
      findings.addWarning(`${name}.phone: ${untold}, so external security can't call back`);
    }
    const callees = people.filter((person) => person.phone !== null && isStationedAt(person, [key]));
    if (callees.length === 0)
      findings.addWarning(`${name}.phone: nobody who may come there has a phone, so nobody can be called back`);
  }
}

/** Warns of sources whose alarms go to several channels: one that can't be read stands in one, wherever it is from. */
export function checkSpread({ sources }: Located, chains: readonly Chained[], findings: Findings): void {
  for (const [source, own] of Map.groupBy(chains, (chain) => chain.source)) {
    const channels = [...new Set(own.map(({ channel }) => channel))];
    // What is typed can be read.
    if (channels.length < 2 || sources[source]?.type === teamsType) continue;
    const spread = `its alarms go to ${channels.join(", ")}`;
    findings.addWarning(`sources.${source}: ${spread}; one that can't be read stands in one of these channels alone`);
  }
}

/** Warns of buttons of which nobody knows where they are, though there are locations; once for each source. */
export function checkLost({ sources, buttons, locations }: Located, findings: Findings): void {
  if (locations.names?.length === 0) return;
  const lost = buttons.flatMap(({ source, location }, index) =>
    location === null && sources[source]?.location === null ? [{ source, index }] : [],
  );
  for (const [source, [first, ...more]] of Map.groupBy(lost, (each) => each.source)) {
    const others = more.length === 0 ? "" : `, nor have ${more.length} more of ${source}`;
    const rung = "so everybody is rung whose location has the same channel or buttons of the same source";
    if (first !== undefined) findings.addWarning(`buttons[${first.index}]: it has no location${others}, ${rung}`);
  }
}
