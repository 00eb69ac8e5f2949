import { toLastSeenOfSources } from "../../domain/device/last-seen.ts";
import type { Directory } from "../../ports/directory.ts";
import { duplicateMs } from "./alarms.ts";
import type { Kernel } from "./kernel.ts";
import type { LastSeenBuffer } from "./last-seen-buffer.ts";

/** A button that is not in the configuration is forgotten after this long. */
const unknownForMs = 7 * 24 * 3_600_000;
/** A state of which nothing was heard for this long is forgotten: when it is heard to be on again, that is a press. */
const stateForMs = 30 * 24 * 3_600_000;

/**
 * Forgets identities that no duplicate can have any more, and buttons that have long been silent; resolves with the
 * number of records.
 */
export async function forgetOld(
  { store, clock }: Kernel,
  { expected }: Directory,
  lastSeen: LastSeenBuffer,
): Promise<number> {
  const newest = toLastSeenOfSources(await lastSeen.all());
  const known = new Set(expected.buttons.map(({ source, id }) => `${source} ${id.toLowerCase()}`));
  return store.write(async (tx) => {
    let forgotten = await tx.forgetAlarms(clock.now() - duplicateMs);
    forgotten += await tx.forgetButtonStates(clock.now() - stateForMs);
    for (const { name } of expected.sources) {
      const at = newest.get(name);
      if (at === undefined) continue;
      const isKept = (button: string) => button === "" || known.has(`${name} ${button.toLowerCase()}`);
      // Counted from when the source was last seen, so that a source that fell silent is not forgotten as a whole.
      forgotten += await tx.forgetLastSeen(name, at - unknownForMs, isKept);
    }
    return forgotten;
  });
}
