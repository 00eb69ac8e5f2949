import { concernedOf, isAffected } from "../../../domain/incident/colleagues/occupied.ts";
import type { Handler } from "../handle.ts";
import { toElsewhere } from "../incidents/in-alarms.ts";
import type { Kernel } from "../kernel.ts";
import { Poller } from "../poller.ts";
import type { OpenIncidents } from "./open-incidents.ts";

/** So many alarms are decided on at once, because a press that comes in waits for no more than those. */
const maxAtOnce = 20;

export interface FollowOccupationsOptions {
  readonly handler: Handler;
  readonly openIncidents: OpenIncidents;
  /** Called with each incident on which that could not be recorded. */
  readonly onUnstored: (incident: string) => void;
}

/**
 * Decides on each alarm for which it matters that somebody is in another one from now on, or free again, with a command
 * that brings nothing else; at first on all that is open, because the process before may have ended in between. What
 * fails is tried again each second.
 */
export function followOccupations(kernel: Kernel, options: FollowOccupationsOptions): Poller {
  const { handler, openIncidents, onUnstored } = options;
  const { clock, log } = kernel;
  /** Ids of the people of whom that changed; null: anybody may have. */
  let changed: Set<string> | null = null;
  const affected = new Set<string>();
  const poller = new Poller(kernel, async () => {
    for (const id of listAffected(openIncidents, changed)) affected.add(id);
    changed = new Set();
    const ids = [...affected];
    for (let from = 0; from < ids.length; from += maxAtOnce) await handleEach(ids.slice(from, from + maxAtOnce));
    return null;
  });

  async function handleEach(ids: readonly string[]): Promise<void> {
    const results = await Promise.allSettled(ids.map((id) => handler.handle(id, { kind: "deadline" }, false)));
    const failed = new Set(ids.filter((_, index) => results[index]?.status === "rejected"));
    for (const id of ids) if (!failed.has(id)) affected.delete(id);
    const cause = results.find((result) => result.status === "rejected");
    const [incident] = failed;
    if (cause === undefined || incident === undefined) return;
    log.error({ incident, err: cause.reason, due: ids.length, failed: failed.size }, "deadline-not-handled");
    failed.forEach(onUnstored);
  }

  openIncidents.occupations.subscribe((people) => {
    for (const person of people) changed?.add(person);
    poller.expect(clock.now());
  });
  return poller;
}

/** Ids of the open alarms for which it matters now who of these people is in another one. */
function listAffected(openIncidents: OpenIncidents, people: ReadonlySet<string> | null): readonly string[] {
  if (people?.size === 0) return [];
  return openIncidents.listNearest().flatMap(({ incident, policy }) => {
    const all = concernedOf(incident);
    if (people !== null && !all.some(({ id }) => people.has(id))) return [];
    const occupied = new Set(all.flatMap((each) => (openIncidents.isOccupied(each, incident.id) ? [each.id] : [])));
    const elsewhere = toElsewhere(all, incident.id, openIncidents.findElsewhere);
    return isAffected(incident, policy, occupied, elsewhere) ? [incident.id] : [];
  });
}
