import { listLocationsIn } from "../../domain/location.ts";
import { listChains } from "../chains.ts";
import type { Findings } from "../document/findings.ts";
import type { Parts } from "../document/parts.ts";
import type { PolicyEntry } from "../document/policy-format.ts";
import { ownChannel } from "../policies.ts";
import { toLocations } from "../roster.ts";
import { checkLinkCode, checkListen, checkTeams } from "./check-addresses.ts";
import { checkCalls } from "./check-chains.ts";
import {
  checkCallBacks,
  checkLocationNames,
  checkLocationReferences,
  checkLocations,
  checkLost,
  checkSpread,
} from "./check-locations.ts";
import {
  checkButtons,
  checkChannels,
  checkLabels,
  checkPeople,
  checkReference,
  checkTeamsSources,
} from "./check-names.ts";
import { checkResponders, checkSites, checkToldWhere } from "./check-responders.ts";
import { checkBesidesTeams, checkPressersTold, checkRung, checkTags } from "./check-ringing.ts";
import { checkTroubleRoute } from "./check-troubles.ts";
import { checkClaims, checkPaged, lintPolicy } from "./policy-linter.ts";

/** Finds what is wrong with sections beside each other; one that can't be read hides nothing that stands in another. */
export function checkParts(parts: Parts, findings: Findings): void {
  const { settings, teams, people } = parts;
  if (settings !== null) checkListen(settings.listen, findings);
  if (teams !== null) checkTeams(teams, settings?.listen ?? null, findings);
  if (teams !== null && people !== null) checkLinkCode(teams, people.configured, findings);
  checkNames(parts, findings);
  checkPolicies(parts, findings);
  checkWhereabouts(parts, findings);
}

function checkNames({ people, buttons, channels, policies, sources, pagers }: Parts, findings: Findings): void {
  if (people !== null) checkPeople(people, findings);
  if (buttons !== null) checkButtons(buttons, sources.names, people, findings);
  checkChannels(channels.entries, findings);
  checkTags(channels.entries, findings);
  checkTeamsSources(sources.entries, findings);
  checkLabels("sources", sources.entries, findings);
  checkLabels("pagers", pagers.entries, findings);
  for (const [name, { policy, channel }] of Object.entries(sources.entries)) {
    checkReference("policy", policy, ["sources", name, "policy"], policies.names, findings);
    checkReference("channel", channel, ["sources", name, "channel"], channels.names, findings);
  }
}

function checkPolicies({ people, channels, policies, pagers, troubles }: Parts, findings: Findings): void {
  const reach = {
    channels: channels.names && [...channels.names, ownChannel],
    pagers: pagers.names,
    callers: pagers.names?.filter((name) => pagers.entries[name]?.canCall !== false) ?? null,
    // Who can't be read may have a phone.
    hasPhones: people === null || people.configured?.some(({ phone }) => phone !== null) === true,
  };
  for (const [name, policy] of Object.entries(policies.entries)) {
    lintPolicy(policy, ["policies", name], reach, findings);
  }
  const tell = troubles?.tell ?? null;
  checkTroubleRoute(tell, pagers.entries, pagers.names, policies.entries, findings);
  const routes = pagers.names?.filter((name) => name !== tell) ?? [];
  if (troubles !== null) checkPaged(routes, policies.entries, findings);
  if (people !== null) checkClaims(policies.entries, people.configured, findings);
  checkBesidesTeams(policies.entries, findings);
}

/** Whom an alarm rings by its button and its location, and in which channel. */
function checkWhereabouts(
  { people, buttons, channels, policies, sources, locations, pagers }: Parts,
  findings: Findings,
): void {
  const roster = people?.configured ?? null;
  const located = { sources: sources.entries, buttons: buttons ?? [], people: roster ?? [], locations };
  checkLocationReferences(located, policies.names, channels.names, findings);
  checkLocationNames(located, findings);
  const chains = listChains({ ...located, locations: locations.entries });
  checkCalls(chains, policies.entries, channels.names, findings);
  if (people === null) return;
  checkRung(chains, channels.entries, roster, findings);
  if (buttons !== null) checkPressersTold(located, findings);
  const known = toLocations({ ...located, locations: locations.entries });
  const sharing = Object.keys(channels.entries).map((channel) => [channel, listLocationsIn(channel, known)]);
  checkLocations(located, Object.fromEntries(sharing), roster !== null, findings);
  const mayTell = ({ steps }: Pick<PolicyEntry, "steps">) =>
    steps.some((step) => step.kind === "page" && pagers.entries[step.pager]?.mayShowPhones === true);
  const isTold = (key: string) =>
    chains.some(({ location, policy }) => location === key && mayTell(policies.entries[policy] ?? { steps: [] }));
  checkCallBacks(located, isTold, findings);
  checkLost(located, findings);
  checkSpread(located, chains, findings);
  checkResponders(located, chains, policies.entries, findings);
  checkSites(located, findings);
  checkToldWhere(located, chains, { policies: policies.entries, pagers: pagers.entries }, findings);
}
