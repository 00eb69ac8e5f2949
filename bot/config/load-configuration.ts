import { readFileSync } from "node:fs";
import type { Language } from "../domain/language.ts";
import { problems } from "../words/settings/problems.ts";
import { toFileFault } from "../words/shared/file-fault.ts";
import { checkPublicUrl } from "./checks/check-addresses.ts";
import { checkParts } from "./checks/check-parts.ts";
import { checkSecrets } from "./checks/check-secrets.ts";
import type { Configuration } from "./configuration.ts";
import { ConfigurationError, type ConfigurationProblem, type ConfigurationWarning } from "./configuration-error.ts";
import { parseYaml } from "./document/document.ts";
import type { Kinds } from "./document/entries.ts";
import { type Environment, fillIn } from "./document/fill-in.ts";
import { Findings } from "./document/findings.ts";
import { type Parts, parseParts } from "./document/parts.ts";
import { toNamed } from "./named.ts";
import { toPolicy } from "./policies.ts";

/** Reads the configuration file. Throws ConfigurationError with all of its problems. */
export function loadConfiguration(path: string, environment: Environment, kinds: Kinds): Configuration {
  return parseConfiguration(path, loadText(path), environment, kinds);
}

/** Parses the text of a configuration; `file` names it in problems. Throws ConfigurationError with all of them. */
export function parseConfiguration(file: string, text: string, environment: Environment, kinds: Kinds): Configuration {
  const { configuration, findings } = parseText(file, text, environment, kinds);
  if (configuration === null || findings.problems.length > 0)
    throw new ConfigurationError(file, findings.problems, findings);
  return configuration;
}

/** What is wrong with a configuration file, and what is allowed and still worth a line. */
export interface ConfigurationFindings {
  readonly problems: readonly ConfigurationProblem[];
  readonly warnings: readonly ConfigurationWarning[];
  /** Of the organisation, as far as the file says. */
  readonly language: Language;
}

/**
 * Finds all of it at once, in the order of the file. Throws ConfigurationError for a file that can't be read, or is no
 * YAML, so that nothing else can be found in it.
 */
export function inspectConfiguration(path: string, environment: Environment, kinds: Kinds): ConfigurationFindings {
  const { findings } = parseText(path, loadText(path), environment, kinds);
  return { problems: findings.problems, warnings: findings.locatedWarnings, language: findings.language };
}

function parseText(file: string, text: string, environment: Environment, kinds: Kinds) {
  const document = parseYaml(file, text);
  const findings = new Findings(document);
  const root = fillIn(document.value, [], environment, findings);
  const parts = parseParts(root, kinds, findings);
  if (parts !== null) checkParts(parts, findings);
  checkSecrets(root, findings);
  return { configuration: parts && toConfiguration(parts, findings), findings };
}

/** Reads the text of a configuration file. Throws ConfigurationError, in Dutch, when it can't be read. */
export function loadText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    const isMissing = cause instanceof Error && "code" in cause && cause.code === "ENOENT";
    const fault = toFileFault(cause, "nl");
    const mistake = isMissing ? problems.nl.noFile(fault) : problems.nl.unreadableFile(fault);
    throw new ConfigurationError(path, [{ path: "", line: 1, column: 1, ...mistake }], { cause });
  }
}

/** Puts the sections together; null where one can't be read. */
function toConfiguration(parts: Parts, findings: Findings): Configuration | null {
  const { settings, teams, people, buttons, troubles, contact, channels, policies, sources, pagers, locations } = parts;
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
    locations: locations.entries,
    policies: toNamed(
      Object.entries(policies.entries).map(([name, policy]) => [name, toPolicy(name, policy, channels.entries)]),
    ),
    pagers: pagers.entries,
    troubles,
    contact,
    warnings: findings.warnings,
    weaknesses: findings.weaknesses,
  };
}
