import type { Handler } from "../handle.ts";
import type { Kernel } from "../kernel.ts";
import type { OpenIncident } from "../open/open-incident.ts";
import { toBoardRow } from "../outbox/board-row.ts";

/** Has the cards of these looked at again, because what they show of the world may be otherwise by now. */
export async function showAgain(
  { clock }: Pick<Kernel, "clock">,
  handler: Handler,
  open: readonly OpenIncident[],
): Promise<void> {
  const standing = open.filter(({ incident }) => incident.cardPostedAt !== null);
  if (standing.length === 0) return;
  await handler.write(async (tx) => {
    const rows = standing.map(({ incident }) => toBoardRow(incident.id, clock.now()));
    return { value: null, commits: [await handler.enqueue(tx, rows)] };
  });
}
