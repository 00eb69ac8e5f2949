import type { Chain } from "../chains.ts";
import { type ChannelEntry, type PersonEntry, teamsType } from "../configuration.ts";
import type { Findings } from "../document/findings.ts";
import type { PolicyEntry } from "../document/policy-format.ts";
import type { Located } from "./check-locations.ts";

/** Longest that nothing may ring but Teams, which people mute. */
const quietMs = 60_000;

/** Refuses a tag of which nobody says that it may ring who pressed (rule 7). */
export function checkTags(channels: Readonly<Record<string, ChannelEntry>>, findings: Findings): void {
  for (const [name, { tag }] of Object.entries(channels)) {
    if (tag === null || tag.mayRingPresser) continue;
    findings.addProblem(["channels", name, "tag"], findings.words.problems.tagRingsPresser);
  }
}

/** Warns of channels whose cards ring nobody: those who are in a channel get no sound of what is only posted there. */
export function checkRung(
  chains: readonly Chain[],
  channels: Readonly<Record<string, ChannelEntry>>,
  people: readonly PersonEntry[] | null,
  findings: Findings,
): void {
  if (people !== null) return;
  for (const name of new Set(chains.map(({ channel }) => channel))) {
    if (!Object.hasOwn(channels, name) || channels[name]?.tag !== null) continue;
    findings.addWarning(`channels.${name}`, findings.words.warnings.ringsNobody);
  }
}

/** Warns of policies by which Teams is all that rings for a minute and longer, whoever may have muted it. */
export function checkBesidesTeams(policies: Readonly<Record<string, PolicyEntry>>, findings: Findings): void {
  for (const [name, { steps }] of Object.entries(policies)) {
    if (steps.some(({ kind, afterMs }) => kind === "call" || (kind === "page" && afterMs <= quietMs))) continue;
    findings.addWarning(`policies.${name}`, findings.words.warnings.teamsAlone);
  }
}

/** Warns of `tellPresser` that tells nobody anything: no button is worn there, or by them, and nobody can type. */
export function checkPressersTold(
  { people, buttons, sources, locations: { entries } }: Located,
  findings: Findings,
): void {
  if (Object.values(sources).some(({ type }) => type === teamsType)) return;
  const worn = buttons.filter(({ holder }) => holder !== null);
  people.forEach(({ name, tellPresser }, index) => {
    if (tellPresser !== true || worn.some(({ holder }) => holder === name)) return;
    findings.addWarning(`people[${index}]`, findings.words.warnings.tellsNoPresser);
  });
  const there = new Set(worn.map(({ location, source }) => location ?? sources[source]?.location));
  for (const [key, { tellPresser }] of Object.entries(entries)) {
    if (tellPresser && !there.has(key)) findings.addWarning(`locations.${key}`, findings.words.warnings.tellsNobody);
  }
}
