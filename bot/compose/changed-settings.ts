import { isDeepStrictEqual } from "node:util";
import type { Configuration } from "../config/configuration.ts";
import type { Digests, KnownConfiguration } from "../engine/known-configuration.ts";
import { toDigest } from "../kit/digest.ts";

/** What differs between two configurations, by its path; never a value. */
export interface ChangedSettings {
  /** Whole sections; where entries have names, those that were changed, added or taken away. */
  readonly settings: readonly string[];
  /** Those of which a secret is another one, or has a second value now. */
  readonly secrets: readonly string[];
}

type ByPath = Readonly<Record<string, unknown>>;

const named = ["channels", "sources", "pagers", "locations", "policies"] as const satisfies (keyof Configuration)[];
/** Made of the rest. */
const derived: ReadonlySet<string> = new Set(["warnings", "weaknesses"] satisfies (keyof Configuration)[]);
const secretName = /(?:secret|password|token|keys?|code)$/i;
/** Four signs fit thousands of phone numbers and any secret, and miss one change in 65,536. */
const digestLength = 4;

/** Finds what differs. Pure. */
export function findChangedSettings(before: Configuration, after: Configuration): ChangedSettings {
  const [settingsBefore, settings] = [listSettings(before), listSettings(after)];
  return {
    settings: findOthers(settingsBefore, settings),
    secrets: findOthers(listSecrets(settingsBefore), listSecrets(settings)),
  };
}

/** What the database holds of a configuration. Pure. */
export function toKnownConfiguration(configuration: Configuration): KnownConfiguration {
  const settings = listSettings(configuration);
  return { settings: toDigests(settings), secrets: toDigests(listSecrets(settings)) };
}

/** Everything that is set, by its path: whole sections, and then each entry of those that have names. */
function listSettings(configuration: Configuration): ByPath {
  const byName = new Set<string>(named);
  const whole = Object.entries(configuration).filter(([section]) => !derived.has(section) && !byName.has(section));
  const entries = named.flatMap((section) => {
    return Object.entries(configuration[section]).map(([name, entry]) => [`${section}.${name}`, entry] as const);
  });
  return Object.fromEntries([...whole, ...entries]);
}

/** The secrets of each setting that has any. */
function listSecrets(settings: ByPath): ByPath {
  const found = Object.entries(settings).map(([path, value]) => [path, findSecrets(value, path)] as const);
  return Object.fromEntries(found.filter(([, secrets]) => secrets.length > 0));
}

/** Every text that stands under the name of a secret. */
function findSecrets(value: unknown, name: string): readonly string[] {
  if (typeof value === "string") return secretName.test(name) ? [value] : [];
  if (Array.isArray(value)) return value.flatMap((each) => findSecrets(each, name));
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, each]) => findSecrets(each, key));
}

function findOthers(before: ByPath, after: ByPath): readonly string[] {
  const paths = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return paths.filter((path) => !isDeepStrictEqual(before[path], after[path]));
}

function toDigests(values: ByPath): Digests {
  const digests = Object.entries(values).map(([path, value]) => {
    return [path, toDigest(`${path} ${JSON.stringify(value)}`).slice(0, digestLength)] as const;
  });
  return Object.fromEntries(digests);
}
