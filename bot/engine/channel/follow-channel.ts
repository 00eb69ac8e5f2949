import type { Handler } from "../kernel/handle.ts";
import { showAgain } from "../kernel/incidents/show-again.ts";
import type { Kernel } from "../kernel/kernel.ts";
import type { OpenIncidents } from "../kernel/open/open-incidents.ts";

/** Has the cards of open alarms of that channel looked at again, because it may lead elsewhere by now. */
export function followChannel(
  kernel: Pick<Kernel, "clock">,
  handler: Handler,
  openIncidents: OpenIncidents,
  channel: string,
): Promise<void> {
  const standing = openIncidents.listNearest().filter(({ incident }) => incident.channel === channel);
  return showAgain(kernel, handler, standing);
}
