import { findNobodyFree } from "../../../domain/incident/colleagues/occupied.ts";
import { Background } from "../../../kit/background.ts";
import type { Directory } from "../../../ports/directory.ts";
import type { Handler } from "../handle.ts";
import type { Kernel } from "../kernel.ts";
import type { OpenIncidents } from "./open-incidents.ts";

/**
 * Keeps what is open in memory, from what is on disk now and each commit from now on. Where somebody is occupied from
 * then on, so that another alarm has nobody left to ask, it decides on that at once, with a command that brings nothing
 * else; what fails is done with whatever is decided next on that alarm.
 */
export async function followOpen(
  kernel: Pick<Kernel, "store" | "clock" | "log">,
  handler: Handler,
  openIncidents: OpenIncidents,
  directory: Directory,
): Promise<Background> {
  const background = new Background();
  handler.subscribe(({ changed }) => {
    const added = changed === undefined ? [] : openIncidents.note(changed);
    // Most who press in a flood are not on duty, and each look is at all that is open.
    const onDuty = added.length === 0 ? null : directory.onDuty(kernel.clock.now(), null);
    const people = new Set(onDuty?.flatMap(({ id }) => (added.includes(id) ? [id] : [])));
    for (const id of people.size === 0 ? [] : listLeftAlone(openIncidents, people)) {
      const deciding = handler.handle(id, { kind: "deadline" }, false).catch((error: unknown) => {
        kernel.log.error({ incident: id, err: error, due: 1, failed: 1 }, "deadline-not-handled");
      });
      void background.track(deciding);
    }
  });
  await openIncidents.fill(kernel, directory);
  return background;
}

/** Ids of the alarms in which these people were the last ones who might have been asked. */
function listLeftAlone(openIncidents: OpenIncidents, added: ReadonlySet<string>): readonly string[] {
  return openIncidents.all().flatMap(({ incident, policy }) => {
    const { onDuty, nobodyFreeAt } = incident.round;
    if (nobodyFreeAt !== undefined || !(onDuty ?? []).some(({ id }) => added.has(id))) return [];
    const occupied = (onDuty ?? []).filter((person) => openIncidents.isOccupied(person, incident.id));
    const people = findNobodyFree(incident, policy, new Set(occupied.map(({ id }) => id)));
    return people.length > 0 ? [incident.id] : [];
  });
}
