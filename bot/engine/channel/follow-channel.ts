import type { Handler } from "../kernel/handle.ts";
import type { OpenIncidents } from "../kernel/incidents/open-incidents.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { toBoardRow } from "../kernel/outbox/board-row.ts";

/** Has the cards of open alarms of that channel looked at again, because it may lead elsewhere by now. */
export async function followChannel(
  { clock }: Pick<Kernel, "clock">,
  handler: Handler,
  openIncidents: OpenIncidents,
  channel: string,
): Promise<void> {
  const standing = openIncidents.all().filter(({ incident }) => {
    return incident.channel === channel && incident.cardPostedAt !== null;
  });
  if (standing.length === 0) return;
  await handler.write(async (tx) => {
    const rows = standing.map(({ incident }) => toBoardRow(incident.id, clock.now()));
    return { value: null, commits: [await handler.enqueue(tx, rows)] };
  });
}
