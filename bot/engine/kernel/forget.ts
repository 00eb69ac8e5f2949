import { toLastSeenOfSources } from "../../domain/device/last-seen.ts";
import type { Directory } from "../../ports/directory.ts";
import { duplicateMs } from "./alarms.ts";
import type { Kernel } from "./kernel.ts";
import type { LastSeenBuffer } from "./last-seen-buffer.ts";

/** What is known of a button that is not in the configuration goes after this. */
const unknownKeptMs = 7 * 24 * 3_600_000;

/** Forgets identities older than a duplicate can be, and buttons nobody heard of for long; answers how many. */
export async function forgetOld(
  { store, clock }: Kernel,
  { expected }: Directory,
  lastSeen: LastSeenBuffer,
): Promise<number> {
  const newest = toLastSeenOfSources(await lastSeen.all());
  const known = new Set(expected.buttons.map(({ source, id }) => `${source} ${id.toLowerCase()}`));
  return store.write(async (tx) => {
    let forgotten = await tx.forgetAlarms(clock.now() - duplicateMs);
    for (const { name } of expected.sources) {
      const at = newest.get(name);
      if (at === undefined) continue;
      const isKept = (button: string) => button === "" || known.has(`${name} ${button.toLowerCase()}`);
      // Counted from when the source was heard last, so that one that fell silent is not forgotten as a whole.
      forgotten += await tx.forgetLastSeen(name, at - unknownKeptMs, isKept);
    }
    return forgotten;
  });
}
