import { isStationedAt } from "../../domain/location.ts";
import type { Chained } from "../chains.ts";
import type { PagerEntry } from "../configuration.ts";
import type { Findings } from "../document/findings.ts";
import type { PolicyEntry } from "../document/policy-format.ts";
import type { Located } from "./check-locations.ts";

/** Warns of locations whose people can't do what the policies of their alarms ask (rule 21), each once. */
export function checkResponders(
  { people, buttons, sources, locations: { entries } }: Located,
  chains: readonly Chained[],
  policies: Readonly<Record<string, PolicyEntry>>,
  findings: Findings,
): void {
  const { warnings } = findings.words;
  const worn = buttons.filter(({ holder }) => holder !== null);
  const wornAt = Map.groupBy(worn, ({ location, source }) => location ?? sources[source]?.location);
  for (const key of Object.keys(entries)) {
    const responders = people.filter((person) => isStationedAt(person, [key]));
    // Where nobody is, that is another warning.
    if (responders.length === 0) continue;
    const used = new Set(chains.flatMap(({ location, policy }) => (location === key ? [policy] : [])));
    for (const name of used) {
      const { steps = [], claimsNeeded = 1 } = policies[name] ?? {};
      if (steps.some(({ kind }) => kind === "call") && responders.every(({ phone }) => phone === null))
        findings.addWarning(`locations.${key}`, warnings.callsNobody(name));
      if (claimsNeeded > responders.length)
        findings.addWarning(`locations.${key}`, warnings.tooFewThere(name, claimsNeeded, responders.length));
    }
    const [only, ...others] = responders;
    if (only === undefined || others.length > 0) continue;
    if (wornAt.get(key)?.some(({ holder }) => holder === only.name))
      findings.addWarning(`locations.${key}`, warnings.alone(only.name));
  }
}

/** Warns of what sends external security to another place: shared, without a number, or where no building is. */
export function checkSites({ locations: { entries } }: Pick<Located, "locations">, findings: Findings): void {
  const { warnings } = findings.words;
  const seen = new Map<string, string>();
  for (const [key, { address, account, position }] of Object.entries(entries)) {
    for (const [setting, value] of Object.entries({ address, account })) {
      if (value === null) continue;
      const known = `${setting} ${value.toLowerCase()}`;
      const other = seen.get(known);
      if (other !== undefined) findings.addWarning(`locations.${key}.${setting}`, warnings.sameAsOther(other));
      else seen.set(known, key);
    }
    if (address !== null && !/\p{N}/u.test(address)) findings.addWarning(`locations.${key}.address`, warnings.noNumber);
    if (position === null) continue;
    const { lat, lon } = position;
    if (lat === 0 && lon === 0) findings.addWarning(`locations.${key}.position`, warnings.inTheSea);
    // The Netherlands lie between 50 and 54 north, and 3 and 8 east.
    if (lat >= 3 && lat <= 8 && lon >= 50 && lon <= 54)
      findings.addWarning(`locations.${key}.position`, warnings.swapped);
  }
}

/** Warns of pagers by which nobody outside can tell locations apart, because neither words nor an account name them. */
export function checkToldWhere(
  { locations: { entries } }: Pick<Located, "locations">,
  chains: readonly Chained[],
  {
    policies,
    pagers,
  }: {
    readonly policies: Readonly<Record<string, PolicyEntry>>;
    readonly pagers: Readonly<Record<string, Pick<PagerEntry, "tellsWhere">>>;
  },
  findings: Findings,
): void {
  for (const [name, { tellsWhere }] of Object.entries(pagers)) {
    if (tellsWhere) continue;
    const isPaged = (policy: string) =>
      policies[policy]?.steps.some((step) => step.kind === "page" && step.pager === name) === true;
    const paging = chains.flatMap(({ location, policy }) => (location !== null && isPaged(policy) ? [location] : []));
    const unnamed = [...new Set(paging)].filter((key) => entries[key]?.account === null);
    if (unnamed.length > 1) findings.addWarning(`pagers.${name}`, findings.words.warnings.tellsNoPlace(unnamed));
  }
}
