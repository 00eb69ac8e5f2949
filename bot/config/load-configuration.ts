import { readFileSync } from "node:fs";
import { toFileFault } from "../kit/file-fault.ts";
import { checkLinkCode, checkListen, checkPublicUrl, checkTeams } from "./checks/check-addresses.ts";
import {
  checkButtons,
  checkChannels,
  checkLabels,
  checkPeople,
  checkReference,
  checkTeamsSources,
} from "./checks/check-names.ts";
import { checkBesidesTeams, checkPressersTold, checkRung, checkTags } from "./checks/check-ringing.ts";
import { checkSecrets } from "./checks/check-secrets.ts";
import { checkTroubleRoute } from "./checks/check-troubles.ts";
import { checkCalls, checkClaims, checkPaged, lintPolicy, toPolicy } from "./checks/policy-linter.ts";
import type { Configuration } from "./configuration.ts";
import { ConfigurationError } from "./configuration-error.ts";
import { parseYaml } from "./document/document.ts";
import { type Kinds, parseEntries, parsePagers, parseSources } from "./document/entries.ts";
import {
  Buttons,
  ChannelEntry,
  ContactEntry,
  Name,
  People,
  PolicyEntry,
  PolicyName,
  Root,
  Settings,
  TeamsEntry,
  TroublesEntry,
} from "./document/file-format.ts";
import { Findings } from "./document/findings.ts";
import { parseSection } from "./document/section.ts";
import { type Environment, replaceVariables } from "./document/variables.ts";

/** Reads the configuration file. Throws ConfigurationError with all of its problems. */
export function loadConfiguration(path: string, environment: Environment, kinds: Kinds): Configuration {
  return parseConfiguration(path, loadText(path), environment, kinds);
}

/** Parses the text of a configuration; `file` names it in problems. Throws ConfigurationError with all of them. */
export function parseConfiguration(file: string, text: string, environment: Environment, kinds: Kinds): Configuration {
  const document = parseYaml(file, text);
  const findings = new Findings(document);
  const root = replaceVariables(document.value, [], environment, findings);
  const configuration = parseRoot(root, kinds, findings);
  checkSecrets(root, findings);
  if (configuration === null || findings.problems.length > 0) throw new ConfigurationError(file, findings.problems);
  return configuration;
}

/** Reads the text of a configuration file. Throws ConfigurationError when it can't be read. */
export function loadText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    const isMissing = cause instanceof Error && "code" in cause && cause.code === "ENOENT";
    const there = isMissing ? "a copy of manifests/rugdekking.example.yaml there" : "a file that this user may read";
    const expected = `${there}, or the path of another one after --config or in RUGDEKKING_CONFIG`;
    const wrong = `it can't be read: ${toFileFault(cause)}`;
    throw new ConfigurationError(path, [{ path: "", line: 1, column: 1, wrong, expected }], { cause });
  }
}

/** Parses every section by itself, so that a mistake in one hides none in another; null after a problem. */
function parseRoot(root: unknown, kinds: Kinds, findings: Findings): Configuration | null {
  const sections = parseSections(root, findings);
  if (sections === null) return null;
  const settings = parseSection(Settings, sections, [], findings);
  const teams = parseSection(TeamsEntry, sections.teams, ["teams"], findings);
  const people = parseSection(People, sections.people, ["people"], findings);
  const buttons = parseSection(Buttons, sections.buttons, ["buttons"], findings);
  const channels = parseEntries("channels", sections.channels, Name, ChannelEntry, findings);
  const policies = parseEntries("policies", sections.policies, PolicyName, PolicyEntry, findings);
  const sources = parseSources(sections.sources, kinds, findings);
  const pagers = parsePagers(sections.pagers, kinds, findings);
  const troubles = parseSection(TroublesEntry, sections.troubles, ["troubles"], findings);
  const contact = parseSection(ContactEntry, sections.contact, ["contact"], findings);

  if (settings !== null) checkListen(settings.listen, findings);
  if (teams !== null) checkTeams(teams, settings?.listen ?? null, findings);
  if (teams !== null && people !== null) checkLinkCode(teams, people.configured ?? [], findings);
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
  const reach = {
    channels: channels.names,
    pagers: pagers.names,
    callers: pagers.names?.filter((name) => pagers.entries[name]?.canCall !== false) ?? null,
    // Who can't be read may have a phone.
    hasPhones: people === null || people.configured?.some(({ phone }) => phone !== null) === true,
  };
  for (const [name, policy] of Object.entries(policies.entries)) {
    lintPolicy(policy, ["policies", name], reach, findings);
  }
  checkCalls(sources.entries, policies.entries, channels.names, findings);
  const tell = troubles?.tell ?? null;
  checkTroubleRoute(tell, pagers.entries, pagers.names, policies.entries, findings);
  const routes = pagers.names?.filter((name) => name !== tell) ?? [];
  if (troubles !== null) checkPaged(routes, policies.entries, findings);
  if (people !== null) checkClaims(policies.entries, people.configured, findings);
  if (people !== null) checkRung(sources.entries, channels.entries, people.configured, findings);
  if (people !== null && buttons !== null) checkPressersTold(people.configured, buttons, sources.entries, findings);
  checkBesidesTeams(policies.entries, findings);
  const publicUrl = settings && checkPublicUrl(settings.publicUrl, settings.listen, teams?.local === true, findings);
  if (publicUrl === null || settings === null || teams === null || people === null || buttons === null) return null;
  if (troubles === null || contact === null) return null;

  return {
    ...settings,
    publicUrl,
    teams,
    channels: channels.entries,
    people: people.configured,
    sources: sources.entries,
    buttons,
    policies: Object.fromEntries(
      Object.entries(policies.entries).map(([name, policy]) => [name, toPolicy(name, policy, channels.entries)]),
    ),
    pagers: pagers.entries,
    troubles,
    contact,
    warnings: findings.warnings,
    weaknesses: findings.weaknesses,
  };
}

/** Returns the sections by name; null when the file is not a mapping at all. */
function parseSections(root: unknown, findings: Findings): Readonly<Record<string, unknown>> | null {
  parseSection(Root, root, [], findings);
  return typeof root === "object" && root !== null && !Array.isArray(root) ? { ...root } : null;
}
