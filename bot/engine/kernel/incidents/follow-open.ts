import type { Directory } from "../../../ports/directory.ts";
import type { Handler } from "../handle.ts";
import type { Kernel } from "../kernel.ts";
import type { OpenIncidents } from "./open-incidents.ts";

/** Keeps what is open in memory, from what is on disk now and each commit from now on. */
export async function followOpen(
  kernel: Pick<Kernel, "store" | "log">,
  handler: Handler,
  openIncidents: OpenIncidents,
  directory: Directory,
): Promise<void> {
  handler.subscribe(({ changed }) => {
    if (changed !== undefined) openIncidents.note(changed);
  });
  await openIncidents.fill(kernel, directory);
}
