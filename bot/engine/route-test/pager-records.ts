import type { PagerRecord } from "../../domain/route-test/trouble.ts";
import type { Reader, Transaction } from "../../ports/store/store.ts";

/** Saves when each of these pagers was first in the configuration; what is saved already stays. */
export async function saveKnownPagers(tx: Transaction, pagers: readonly string[], now: number): Promise<void> {
  for (const pager of pagers) {
    if ((await tx.loadSetting("route-known", pager)) === null) await tx.saveSetting("route-known", pager, String(now));
  }
}

/** Loads when each pager was first in the configuration, and when a human last answered through it. */
export async function loadPagerRecords(
  reader: Reader,
  pagers: readonly string[],
): Promise<readonly Omit<PagerRecord, "lost">[]> {
  const records = [];
  for (const pager of pagers) {
    const provenAt = toMoment(await reader.loadSetting("route-proven", pager));
    const knownAt = toMoment(await reader.loadSetting("route-known", pager));
    records.push({ pager, provenAt, knownAt: knownAt ?? 0 });
  }
  return records;
}

function toMoment(setting: string | null): number | null {
  const at = setting === null ? Number.NaN : Number(setting);
  return Number.isFinite(at) ? at : null;
}
