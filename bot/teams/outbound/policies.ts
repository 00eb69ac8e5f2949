import type { Incident } from "../../domain/incident/incident.ts";
import type { Policy } from "../../domain/incident/policy.ts";
import type { Store } from "../../ports/store.ts";

/** The policy with which an incident opened. Named by its content, so what was read once never changes. */
export type PolicyOf = (incident: Incident) => Promise<Policy>;

/** Keeps what it read; there are as many as there were versions of the configuration. */
export function createPolicies(store: Store): PolicyOf {
  const known = new Map<string, Policy>();
  return async ({ policy: hash }) => {
    const policy = known.get(hash) ?? (await store.read((reader) => reader.loadPolicy(hash)));
    if (policy === null) throw new Error("An incident names a policy that is not stored");
    known.set(hash, policy);
    return policy;
  };
}
