import { isDeepStrictEqual } from "node:util";
import type { Configuration } from "../config/configuration.ts";

/** What differs between two configurations, by its path; never a value. */
export interface ChangedSettings {
  /** Whole sections; where entries have names, those that were changed, added or taken away. */
  readonly settings: readonly string[];
  /** The sources and pagers of which a secret is another one, or has a second value now. */
  readonly secrets: readonly string[];
}

const named = ["channels", "sources", "pagers", "locations", "policies"] as const satisfies (keyof Configuration)[];
const withSecrets = ["sources", "pagers"] as const satisfies (keyof Configuration)[];
/** Made of the rest. */
const derived: ReadonlySet<string> = new Set(["warnings", "weaknesses"] satisfies (keyof Configuration)[]);
const secretName = /(?:secret|password|token|keys?|code)$/i;

/** Finds what differs. Pure. */
export function findChangedSettings(before: Configuration, after: Configuration): ChangedSettings {
  const byName = new Set<string>(named);
  const whole = (Object.keys(after) as (keyof Configuration)[]).filter(
    (section) => !derived.has(section) && !byName.has(section) && !isDeepStrictEqual(before[section], after[section]),
  );
  const entries = named.flatMap((section) =>
    findChangedEntries(section, before[section], after[section], (each) => each),
  );
  const secrets = withSecrets.flatMap((section) =>
    findChangedEntries(section, before[section], after[section], (each) => listSecrets(each, "")),
  );
  return { settings: [...whole, ...entries], secrets };
}

function findChangedEntries(
  section: string,
  before: Readonly<Record<string, unknown>>,
  after: Readonly<Record<string, unknown>>,
  toCompared: (entry: unknown) => unknown,
): readonly string[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  const isSame = (name: string) => isDeepStrictEqual(toCompared(before[name]), toCompared(after[name]));
  return names.filter((name) => !isSame(name)).map((name) => `${section}.${name}`);
}

/** Every text that stands under the name of a secret. */
function listSecrets(value: unknown, name: string): readonly string[] {
  if (typeof value === "string") return secretName.test(name) ? [value] : [];
  if (Array.isArray(value)) return value.flatMap((each) => listSecrets(each, name));
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, each]) => listSecrets(each, key));
}
