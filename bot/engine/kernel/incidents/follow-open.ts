import type { Directory } from "../../../ports/directory.ts";
import type { Handler } from "../handle.ts";
import type { Kernel } from "../kernel.ts";
import { Poller } from "../poller.ts";
import type { OpenIncidents } from "./open-incidents.ts";

/** What is open, as it is followed. */
export interface FollowedOpen extends AsyncDisposable {
  /** Calls `act` once all that was on disk is in memory: at once where it is. */
  whenRead(act: () => void): void;
}

/**
 * Keeps what is open in memory, from what is on disk now and each commit from now on. Resolves once that was read, or
 * was tried: what can't be read is read again each second, because without it nothing of it goes on in memory.
 */
export async function followOpen(
  kernel: Kernel,
  handler: Handler,
  openIncidents: OpenIncidents,
  directory: Directory,
): Promise<FollowedOpen> {
  handler.subscribe(({ changed }) => {
    if (changed !== undefined) openIncidents.note(changed);
  });
  let isRead = false;
  const waiting: (() => void)[] = [];
  const read = async () => {
    if (!isRead) await openIncidents.fill(kernel, directory);
    isRead = true;
    for (const act of waiting.splice(0)) act();
  };
  await read().catch((error: unknown) => kernel.log.error({ err: error }, "look-failed"));
  const retries = new AsyncDisposableStack();
  if (!isRead) retries.use(new Poller(kernel, () => read().then(() => null)));
  return {
    whenRead: (act) => (isRead ? act() : void waiting.push(act)),
    [Symbol.asyncDispose]: () => retries.disposeAsync(),
  };
}
