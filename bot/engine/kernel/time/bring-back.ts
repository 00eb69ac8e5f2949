import { bringBackTest } from "../../../domain/route-test/route-test.ts";
import { bringBackVisit } from "../../../domain/visit/visit.ts";
import type { Transaction } from "../../../ports/store/store.ts";

/** Later than any moment, and more than there are. */
const all = Number.MAX_SAFE_INTEGER;

/**
 * Brings back everything on disk, but incidents, that a clock that was ahead has put ahead of `now`. What would wait
 * until then is due now, and nothing is taken for a repetition of what seems to come later.
 */
export async function bringBackAll(tx: Transaction, now: number): Promise<void> {
  await tx.bringBackMoments(now);
  for (const lane of await tx.lanes()) await tx.bringForward(lane, now);
  for (const visit of await tx.listDueVisits(all, all)) {
    const earlier = bringBackVisit(visit, now);
    if (earlier !== visit) await tx.saveVisit(earlier);
  }
  const test = await tx.loadRunningTest();
  if (test === null) return;
  const earlier = bringBackTest(test, now);
  if (earlier !== test) await tx.saveRouteTest(earlier);
}
