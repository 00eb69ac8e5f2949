import { toAlarm } from "../../../domain/alarm.ts";
import type { Incident } from "../../../domain/incident/incident.ts";
import type { Policy } from "../../../domain/incident/policy.ts";
import { type IncidentRemains, toRestored } from "../../../domain/incident/press.ts";
import { DamagedIncident } from "../../../errors.ts";
import type { Directory } from "../../../ports/directory.ts";
import type { Reader } from "../../../ports/store/store.ts";

/**
 * An incident with the policy by which it is decided on. `isDamaged`: it was made of what is left of it, and nothing is
 * decided on it before the command `restore`.
 */
export interface LoadedIncident {
  readonly incident: Incident;
  readonly policy: Policy;
  readonly isDamaged: boolean;
}

/**
 * Loads an incident, or what can be made of its remains and the configuration when part of it, or its policy, can't be
 * read any more; null when there is none. Rejects when the storage is down.
 */
export async function loadOrRestore(reader: Reader, directory: Directory, id: string): Promise<LoadedIncident | null> {
  try {
    const incident = await reader.loadIncident(id);
    if (incident === null) return null;
    const policy =
      (await reader.loadPolicy(incident.policy)) ??
      directory.policies.find(({ hash }) => hash === incident.policy)?.policy;
    if (policy !== undefined) return { incident, policy, isDamaged: false };
    return toRestoration(incident, directory, incident.cardPostedAt);
  } catch (error) {
    if (!(error instanceof DamagedIncident)) throw error;
    const card = await reader.loadCard(id).catch(() => null);
    return toRestoration(error.remains, directory, card?.shownAt ?? null);
  }
}

/** Makes an incident as a press of its button opens one now. */
function toRestoration(
  remains: IncidentRemains,
  directory: Directory,
  cardPostedAt: number | null,
): LoadedIncident | null {
  const { id, button, openedAt } = remains;
  const sources = directory.expected.sources.map(({ name }) => name);
  // Without its source it is treated as an alarm of the first one there is.
  const source = sources.includes(remains.source) ? remains.source : sources[0];
  if (source === undefined) return null;
  // In a chat the button is the colleague.
  const person = directory.personOf(button);
  const colleague = person && ({ ...person, via: "chat", isPlaceTyped: false } as const);
  const press = directory.toPress(source, toAlarm("press", { button, colleague }), id, openedAt);
  const { policy } = directory.policyOf(source);
  return { incident: toRestored(remains, press, policy, cardPostedAt), policy, isDamaged: true };
}
