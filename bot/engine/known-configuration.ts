import type { Log } from "../log.ts";
import type { Audit } from "../log-events/audit.ts";
import type { Transaction } from "../ports/store/store.ts";

/** By the path of a setting a digest of its value, which is too short to learn the value from. */
export type Digests = Readonly<Record<string, string>>;

/** By what a configuration is told from another one. */
export interface KnownConfiguration {
  readonly settings: Digests;
  /** Of those that hold secrets, of the secrets alone. */
  readonly secrets: Digests;
}

const kinds = ["settings", "secrets"] as const satisfies (keyof KnownConfiguration)[];
const eventOf = { settings: "configuration-changed", secrets: "secrets-changed" } as const;

/** Has the log account for what is another since it was last saved; at the very first start for nothing. */
export async function noteConfiguration(tx: Transaction, now: KnownConfiguration, log: Log): Promise<void> {
  for (const kind of kinds) {
    const saved = await tx.loadSetting("configuration", kind);
    const on = saved === null ? [] : findOthers(parseDigests(saved), now[kind]);
    const audit: Audit = { by: { kind: "machine" }, on: [...on], result: "done" };
    if (on.length > 0) log.info({ audit }, eventOf[kind]);
  }
  await saveConfiguration(tx, now);
}

/** Saves it as the one that holds. */
export async function saveConfiguration(tx: Transaction, now: KnownConfiguration): Promise<void> {
  for (const kind of kinds) await tx.saveSetting("configuration", kind, toText(now[kind]));
}

/** A line each; a path may hold spaces, and a digest none. */
function toText(digests: Digests): string {
  return Object.entries(digests)
    .map(([path, digest]) => `${digest} ${path}`)
    .join("\n");
}

function parseDigests(text: string): Digests {
  const lines = text.split("\n").filter((line) => line !== "");
  return Object.fromEntries(lines.map((line) => [line.slice(line.indexOf(" ") + 1), line.slice(0, line.indexOf(" "))]));
}

function findOthers(before: Digests, now: Digests): readonly string[] {
  const paths = new Set([...Object.keys(before), ...Object.keys(now)]);
  return [...paths].filter((path) => before[path] !== now[path]);
}
