import type { Policy } from "../domain/incident/policy.ts";
import { toDigest } from "../kit/digest.ts";
import type { NamedPolicy } from "../ports/directory.ts";
import { type Configuration, type SourceEntry, teamsType } from "./configuration.ts";
import type { Path } from "./document/document.ts";
import { toPolicyIn } from "./policies.ts";

/** What may say which policy and channel an alarm has. */
interface ChainSettings {
  readonly policy: string | null;
  readonly channel: string | null;
}

/** The names of the policy and the channel of an alarm. */
export interface Chain {
  readonly policy: string;
  readonly channel: string;
}

/** Which policy and channel an alarm has: those of its button, else of its location, else of its source (rule 23). */
export function toChain(
  source: Pick<SourceEntry, "policy" | "channel">,
  location: ChainSettings | null | undefined,
  button: ChainSettings | null | undefined,
): Chain {
  return {
    policy: button?.policy ?? location?.policy ?? source.policy,
    channel: button?.channel ?? location?.channel ?? source.channel,
  };
}

/** What all of these locations say alike; null for what they don't. */
export function toShared(locations: readonly (ChainSettings | undefined)[]): ChainSettings {
  const [first] = locations;
  const isShared = (setting: keyof ChainSettings) => locations.every((each) => each?.[setting] === first?.[setting]);
  return {
    policy: (isShared("policy") && first?.policy) || null,
    channel: (isShared("channel") && first?.channel) || null,
  };
}

/** The chain that some alarms have. */
export interface Chained extends Chain {
  /** Where its channel is said, or its policy, whichever counts for fewer alarms. */
  readonly path: Path;
  readonly location: string | null;
  readonly source: string;
}

/** Who may say which policy and channel an alarm has, and where they stand in the file. */
type Level = readonly [Path, ChainSettings | null | undefined];

/**
 * Lists the chains that alarms may have (rule 23): those of each button, of what is not listed there, and, where people
 * type them, of each location. Each is listed once.
 */
export function listChains({
  sources,
  buttons,
  locations,
}: Pick<Configuration, "sources" | "buttons" | "locations">): readonly Chained[] {
  const chains = new Map<string, Chained>();
  function add(source: string, location: string | null, button: Level = [[], null]): void {
    const entry = sources[source];
    if (entry === undefined) return;
    const levels: readonly Level[] = [button, [["locations", location ?? ""], locations[location ?? ""]]];
    const chain = toChain(entry, levels[1]?.[1], levels[0]?.[1]);
    const path = toPath(levels) ?? ["sources", source, "channel"];
    const key = JSON.stringify([path, chain, location, source]);
    chains.set(key, { ...chain, path, location, source });
  }
  for (const [name, { type, location }] of Object.entries(sources)) {
    add(name, location);
    if (type === teamsType) for (const key of Object.keys(locations)) add(name, key);
  }
  const plain = new Set<string>();
  buttons.forEach((button, index) => {
    const { source, policy, channel } = button;
    const location = button.location ?? sources[source]?.location ?? null;
    // Thousands of buttons say neither, and have the chain of their location and source.
    const where = policy === null && channel === null ? JSON.stringify([source, location]) : null;
    if (where !== null && plain.has(where)) return;
    if (where !== null) plain.add(where);
    add(source, location, [["buttons", index], button]);
  });
  return [...chains.values()];
}

function toPath(levels: readonly Level[]): Path | null {
  for (const [path, level] of levels) {
    if (level?.channel != null) return [...path, "channel"];
    if (level?.policy != null) return [...path, "policy"];
  }
  return null;
}

/** The policies of a configuration as incidents name them. */
export interface NamedPolicies {
  /** Those with which an alarm may open an incident, each once. */
  readonly used: readonly NamedPolicy[];
  /** That of a chain. */
  of(chain: Chain): NamedPolicy;
}

/** Names every policy by its content, once for each channel where a step tells whichever channel the alarm is for. */
export function namePolicies(configuration: Configuration): NamedPolicies {
  const { policies, channels, sources, locations, buttons } = configuration;
  const named = new Map<string, NamedPolicy>();
  function of({ policy: name, channel }: Chain): NamedPolicy {
    const key = `${channel} ${name}`;
    const known = named.get(key);
    if (known !== undefined) return known;
    const entry = policies[name];
    if (entry === undefined) throw new Error("A source has a policy that is not configured.");
    const policy = toPolicyIn(entry, channel, channels);
    const added = { hash: toPolicyHash(policy), policy };
    named.set(key, added);
    return added;
  }
  const all = [...Object.values(sources), ...Object.values(locations), ...buttons];
  const names = new Set(all.flatMap(({ policy }) => policy ?? []));
  // An incident whose own policy is gone may stand in another channel than its button's alarms of now.
  const everywhere = [...names].flatMap((policy) => Object.keys(channels).map((channel) => of({ policy, channel })));
  return { used: [...new Map(everywhere.map((each) => [each.hash, each])).values()], of };
}

/**
 * The content hash by which an incident keeps the policy it opened with (rule 6): SHA-256 in hex over its JSON with
 * sorted keys.
 */
export function toPolicyHash(policy: Policy): string {
  const canonical = JSON.stringify(policy, (_key, value: unknown) => {
    if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
    return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)));
  });
  return toDigest(canonical);
}
