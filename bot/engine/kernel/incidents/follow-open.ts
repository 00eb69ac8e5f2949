import { findNobodyFree } from "../../../domain/incident/colleagues/occupied.ts";
import { listPaging } from "../../../domain/incident/security/call-back.ts";
import { Background } from "../../../kit/background.ts";
import type { Directory } from "../../../ports/directory.ts";
import type { Handler } from "../handle.ts";
import type { Kernel } from "../kernel.ts";
import type { OpenIncident, OpenIncidents } from "./open-incidents.ts";
import { showAgain } from "./show-again.ts";

/**
 * Keeps what is open in memory, from what is on disk now and each commit from now on. Where somebody is occupied from
 * then on, so that another alarm has nobody left to ask, it decides on that at once, with a command that brings nothing
 * else; what fails is done with whatever is decided next on that alarm. It also looks again at the cards that say whom
 * external security calls back, because that may be somebody else from then on.
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
    if (people.size > 0) {
      // What fails is shown with whatever is shown next.
      const showing = showAgain(kernel, handler, listCalledBack(openIncidents, directory)).catch(() => undefined);
      void background.track(showing);
    }
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

/** The alarms whose cards say that external security calls back who is on duty. */
function listCalledBack(openIncidents: OpenIncidents, directory: Directory): readonly OpenIncident[] {
  return openIncidents.all().filter(({ incident }) => {
    const reception = directory.siteOf(incident.location ?? null)?.reception;
    return reception?.kind === "on-duty" && listPaging(incident).length > 0;
  });
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
