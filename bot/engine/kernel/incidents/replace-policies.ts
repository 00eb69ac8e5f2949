import { Background } from "../../../kit/background.ts";
import type { Directory } from "../../../ports/directory.ts";
import type { Handler } from "../handle.ts";
import type { Kernel } from "../kernel.ts";
import type { OpenIncidents } from "./open-incidents.ts";

/**
 * Has what is open go on under the policy of now, where its own names what has left the configuration (rule 6), with a
 * command that brings nothing else. What fails is tried again with whatever is decided next on that incident.
 */
export function replacePolicies(
  { log }: Pick<Kernel, "log">,
  handler: Handler,
  openIncidents: OpenIncidents,
  directory: Directory,
): Background {
  const background = new Background();
  for (const { incident, policy } of openIncidents.all()) {
    if (directory.goneFrom(policy).length === 0) continue;
    const replacing = handler.handle(incident.id, { kind: "deadline" }).catch((error: unknown) => {
      log.error({ err: error, due: 1, failed: 1 }, "deadline-not-handled");
    });
    void background.track(replacing);
  }
  return background;
}
