import type { Incident } from "../../../domain/incident/incident.ts";
import { listPaging } from "../../../domain/incident/security/call-back.ts";
import { toWhereabouts } from "../../../domain/location.ts";
import type { Directory } from "../../../ports/directory.ts";
import type { Commit, Handler } from "../handle.ts";
import type { CalleeOf } from "../incidents/callee.ts";
import type { Kernel } from "../kernel.ts";
import { Poller } from "../poller.ts";
import type { OpenIncident } from "./open-incident.ts";
import type { OpenIncidents } from "./open-incidents.ts";

export interface FollowCalledBackOptions {
  readonly handler: Handler;
  readonly openIncidents: OpenIncidents;
  readonly directory: Directory;
  readonly calleeOf: CalleeOf;
}

/**
 * Has everybody told who was given a number to call back, once that is another one or none: a phone that rings beside
 * an aggressor must be rung by nobody any more. At first it takes everybody for told the number of the first on duty,
 * because nothing of it is kept. What fails is tried again each second.
 */
export function followCalledBack(kernel: Kernel, options: FollowCalledBackOptions): Poller {
  const { handler, openIncidents, directory, calleeOf } = options;
  /** The id of whose number was told last, by alarm; null: nobody's. */
  const told = new Map<string, string | null>();
  /** Ids of the alarms of which that may be another one; null: of any. */
  let doubtful: Set<string> | null = null;

  /** The pagers by which a number was told of that alarm. */
  function listTold(incident: Incident): readonly string[] {
    if (directory.siteOf(incident)?.reception?.kind !== "on-duty") return [];
    return listPaging(incident).filter(directory.mayShowPhones);
  }

  function firstWithPhone(incident: Incident): string | null {
    const onDuty = directory.onDuty(kernel.clock.now(), toWhereabouts(incident)) ?? [];
    return onDuty.find((person) => directory.phoneOf(person) !== null)?.id ?? null;
  }

  async function follow({ incident }: OpenIncident, isFirst: boolean): Promise<void> {
    const { id } = incident;
    const pagers = listTold(incident);
    if (pagers.length === 0) {
      told.delete(id);
      return;
    }
    const callee = calleeOf(incident)?.id ?? null;
    if (!told.has(id)) told.set(id, isFirst ? firstWithPhone(incident) : callee);
    if (told.get(id) !== callee) await handler.handle(id, { kind: "call-back-changed", pagers });
    told.set(id, callee);
  }

  const poller = new Poller(kernel, async () => {
    const isFirst = doubtful === null;
    const ids = doubtful;
    doubtful = new Set();
    if (ids?.size === 0) return null;
    for (const id of told.keys()) if (!openIncidents.has(id)) told.delete(id);
    const open = ids === null ? openIncidents.listNearest() : [...ids].flatMap((id) => openIncidents.of(id) ?? []);
    const results = await Promise.allSettled(open.map((each) => follow(each, isFirst)));
    results.forEach(({ status }, at) => {
      const failed = open[at]?.incident.id;
      if (status === "rejected" && failed !== undefined) doubtful?.add(failed);
    });
    return null;
  });

  function look(ids: readonly string[]): void {
    if (ids.length === 0) return;
    for (const id of ids) doubtful?.add(id);
    poller.expect(kernel.clock.now());
  }

  openIncidents.occupations.subscribe((people) => {
    // Most who press in a flood are not on duty, and each look is at all that is open.
    const onDuty = directory.onDuty(kernel.clock.now(), null) ?? [];
    if (!onDuty.some(({ id }) => people.includes(id))) return;
    look(openIncidents.listNearest().flatMap(({ incident }) => (listTold(incident).length > 0 ? [incident.id] : [])));
  });
  handler.subscribe(({ changed, rows }: Commit) => {
    if (changed === undefined) return;
    const { incident } = changed;
    const pagers = listTold(incident);
    const isSaid = rows.some(({ outgoing }) => outgoing.kind === "update" && pagers.includes(outgoing.pager));
    // An update says it as it is when it goes out.
    if (isSaid && told.has(incident.id)) told.set(incident.id, calleeOf(incident)?.id ?? null);
    look(pagers.length > 0 || told.has(incident.id) ? [incident.id] : []);
  });
  return poller;
}
