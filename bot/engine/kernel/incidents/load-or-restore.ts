import { toAlarm } from "../../../domain/alarm.ts";
import type { FirstCommand } from "../../../domain/incident/command.ts";
import type { Incident } from "../../../domain/incident/incident.ts";
import type { Policy } from "../../../domain/incident/policy.ts";
import { type IncidentRemains, toRestored } from "../../../domain/incident/press.ts";
import { DamagedIncident } from "../../../errors.ts";
import type { Directory } from "../../../ports/directory.ts";
import type { Reader } from "../../../ports/store/store.ts";

/** An incident with the policy by which it is decided on. */
export interface LoadedIncident {
  readonly incident: Incident;
  readonly policy: Policy;
  /**
   * What is decided on it before anything else: `restore` when it was made of what is left of it, `replace-policy` when
   * its own policy names what has left the configuration; null: nothing.
   */
  readonly first: FirstCommand | null;
}

/**
 * Loads an incident, or what can be made of its remains and the configuration when part of it, or its policy, can't be
 * read any more; null when there is none. Rejects when the storage is down.
 */
export async function loadOrRestore(reader: Reader, directory: Directory, id: string): Promise<LoadedIncident | null> {
  try {
    const incident = await reader.loadIncident(id);
    if (incident === null) return null;
    // The configuration first: it has most of them, the same hash is the same content, and it can always be read.
    const configured = directory.policies.find(({ hash }) => hash === incident.policy);
    const policy = configured?.policy ?? (await reader.loadPolicy(incident.policy));
    if (policy !== null) return toLoaded({ incident, policy }, directory);
    return toRestoration(incident, directory, incident.cardPostedAt);
  } catch (error) {
    if (!(error instanceof DamagedIncident)) throw error;
    const card = await reader.tryToRead(() => reader.loadCard(id));
    return toRestoration(error.remains, directory, card?.shownAt ?? null);
  }
}

/** Adds what an incident has to be decided on first, by its own policy and the configuration of now (rule 6). */
export function toLoaded(
  { incident, policy: own }: Pick<LoadedIncident, "incident" | "policy">,
  directory: Directory,
): LoadedIncident {
  const gone = incident.closedAt === null ? directory.goneFrom(own) : [];
  const source = toKnownSource(directory, incident.source);
  if (gone.length === 0 || source === null) return { incident, policy: own, first: null };
  const { hash, policy } = directory.policyOf({ ...incident, source });
  return { incident, policy, first: { kind: "replace-policy", policy: hash, former: own, gone } };
}

/** Names that source, or the first one there is when it has left the configuration; null when there is none. */
function toKnownSource(directory: Directory, source: string): string | null {
  const sources = directory.expected.sources.map(({ name }) => name);
  return sources.includes(source) ? source : (sources[0] ?? null);
}

/** Makes an incident as a press of its button opens one now. */
function toRestoration(
  remains: IncidentRemains,
  directory: Directory,
  cardPostedAt: number | null,
): LoadedIncident | null {
  const { id, button, openedAt } = remains;
  const source = toKnownSource(directory, remains.source);
  if (source === null) return null;
  // In a chat the button is the colleague.
  const person = directory.personOf(button);
  const colleague = person && ({ ...person, via: "chat", isPlaceTyped: false, isEdited: false } as const);
  const press = directory.toPress(source, toAlarm("press", { button, colleague }), id, openedAt);
  const { policy } = directory.policyOf(press);
  return { incident: toRestored(remains, press, policy, cardPostedAt), policy, first: { kind: "restore" } };
}
