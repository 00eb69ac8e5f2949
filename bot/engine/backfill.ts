import type { Kernel } from "./kernel/kernel.ts";
import { Poller } from "./kernel/poller.ts";

/** So many incidents a write: a press waits for it for some milliseconds. */
const atOnce = 50;
/** Between two writes others have the disk: a million incidents take half an hour or more. */
const everyMs = 100;
/** After one that the storage refused. */
const againMs = 60_000;

/**
 * Has what older versions stored written anew, some at a time beside all else, until none is left; asks nothing more
 * then. A process that is ended goes on where it was.
 */
export function startBackfill({ store, ...kernel }: Kernel): AsyncDisposable {
  const poller = new Poller(
    kernel,
    async () => {
      const cursor = await store.read((reader) => reader.loadSetting("backfill", "incidents"));
      const isDone = !cursor || (await store.write((tx) => tx.backfillIncidents(atOnce)));
      if (isDone) void poller[Symbol.asyncDispose]();
      return kernel.clock.now() + everyMs;
    },
    againMs,
  );
  return poller;
}
