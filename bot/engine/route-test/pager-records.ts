import type { PagerRecord } from "../../domain/route-test/trouble.ts";
import type { Reader, Transaction } from "../../ports/store/store.ts";

/** Keeps, once, since when each of these pagers is in the configuration. */
export async function savePagersKnown(tx: Transaction, pagers: readonly string[], now: number): Promise<void> {
  for (const pager of pagers) {
    if ((await tx.loadSetting("route-known", pager)) === null) await tx.saveSetting("route-known", pager, String(now));
  }
}

/** Since when each pager is known, and when a human last answered through it. */
export async function loadPagerRecords(
  reader: Reader,
  pagers: readonly string[],
): Promise<readonly Omit<PagerRecord, "lost">[]> {
  const routes = [];
  for (const pager of pagers) {
    const provenAt = toMoment(await reader.loadSetting("route-proven", pager));
    const knownAt = toMoment(await reader.loadSetting("route-known", pager));
    routes.push({ pager, provenAt, knownAt: knownAt ?? 0 });
  }
  return routes;
}

function toMoment(setting: string | null): number | null {
  return setting === null ? null : Number(setting);
}
