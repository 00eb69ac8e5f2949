import type { Handler } from "../kernel/handle.ts";
import type { OpenIncidents } from "../kernel/incidents/open-incidents.ts";
import { showAgain } from "../kernel/incidents/show-again.ts";
import type { Kernel } from "../kernel/kernel.ts";

/** Has the cards of open alarms of that channel looked at again, because it may lead elsewhere by now. */
export function followChannel(
  kernel: Pick<Kernel, "clock">,
  handler: Handler,
  openIncidents: OpenIncidents,
  channel: string,
): Promise<void> {
  const standing = openIncidents.all().filter(({ incident }) => incident.channel === channel);
  return showAgain(kernel, handler, standing);
}
