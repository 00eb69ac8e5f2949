import { type Copied, toReturn } from "../../../domain/incident/time/return.ts";
import { Background } from "../../../kit/background.ts";
import type { Directory } from "../../../ports/directory.ts";
import type { Handler } from "../handle.ts";
import type { Kernel } from "../kernel.ts";
import type { FollowedOpen } from "../open/follow-open.ts";
import type { OpenIncidents } from "../open/open-incidents.ts";

/**
 * Has what is open go on as it has to since the last start, with a command that brings nothing else: under the policy
 * of now, where its own names what has left the configuration (rule 6), and anew, where it comes from a copy (rule 29).
 * What fails is tried again with whatever is decided next on that incident, and what can't be read yet is looked at
 * once it is.
 */
export function beginAnew(
  { log }: Pick<Kernel, "log">,
  handler: Handler,
  openIncidents: Pick<OpenIncidents, "listNearest">,
  directory: Pick<Directory, "goneFrom">,
  copied: Copied | null,
  open: Pick<FollowedOpen, "whenRead">,
): Background {
  const background = new Background();
  const begin = () => {
    for (const { incident, policy } of openIncidents.listNearest()) {
      if (directory.goneFrom(policy).length === 0 && toReturn(incident, copied) === null) continue;
      const beginning = handler.handle(incident.id, { kind: "deadline" }).catch((error: unknown) => {
        log.error({ incident: incident.id, err: error, due: 1, failed: 1 }, "deadline-not-handled");
      });
      void background.track(beginning);
    }
  };
  let isRead = false;
  open.whenRead(() => {
    isRead = true;
    begin();
  });
  // What could be read waits for no other.
  if (!isRead) begin();
  return background;
}
