import { listPaging } from "../../../domain/incident/security/call-back.ts";
import { Background } from "../../../kit/background.ts";
import type { Directory } from "../../../ports/directory.ts";
import type { Handler } from "../handle.ts";
import type { Kernel } from "../kernel.ts";
import type { OpenIncident, OpenIncidents } from "./open-incidents.ts";
import { showAgain } from "./show-again.ts";

/**
 * Looks again at the cards that say whom external security calls back, where somebody on duty is occupied from now on
 * or free again, because that may be somebody else from then on.
 */
export function followCalledBack(
  kernel: Pick<Kernel, "clock">,
  handler: Handler,
  openIncidents: OpenIncidents,
  directory: Directory,
): Background {
  const background = new Background();
  openIncidents.occupations.subscribe((people) => {
    // Most who press in a flood are not on duty, and each look is at all that is open.
    const onDuty = directory.onDuty(kernel.clock.now(), null) ?? [];
    if (!onDuty.some(({ id }) => people.includes(id))) return;
    // What fails is shown with whatever is shown next.
    const showing = showAgain(kernel, handler, listCalledBack(openIncidents, directory)).catch(() => undefined);
    void background.track(showing);
  });
  return background;
}

/** The alarms whose cards say that external security calls back who is on duty. */
function listCalledBack(openIncidents: OpenIncidents, directory: Directory): readonly OpenIncident[] {
  return openIncidents.all().filter(({ incident }) => {
    const reception = directory.siteOf(incident.location ?? null)?.reception;
    return reception?.kind === "on-duty" && listPaging(incident).length > 0;
  });
}
