import type { WatchedRoute } from "../../domain/route-test/trouble.ts";
import type { Reader, Transaction } from "../../ports/store.ts";

/** Where the moment is kept at which a human last answered through that pager: the only proof that the route works. */
export function toProvenSetting(pager: string): string {
  return `proven ${pager}`;
}

/** Where the moment is kept at which that pager was first seen in the configuration. */
function toKnownSetting(pager: string): string {
  return `known ${pager}`;
}

/** Keeps, once, since when each of these pagers is in the configuration. */
export async function rememberRoutes(tx: Transaction, pagers: readonly string[], now: number): Promise<void> {
  for (const pager of pagers) {
    const name = toKnownSetting(pager);
    if ((await tx.loadSetting(name)) === null) await tx.saveSetting(name, String(now));
  }
}

/** Since when each pager is known, and when a human last answered through it. */
export async function loadRoutes(
  reader: Reader,
  pagers: readonly string[],
): Promise<readonly Omit<WatchedRoute, "lost">[]> {
  const routes = [];
  for (const pager of pagers) {
    const provenAt = toMoment(await reader.loadSetting(toProvenSetting(pager)));
    const knownAt = toMoment(await reader.loadSetting(toKnownSetting(pager)));
    routes.push({ pager, provenAt, knownAt: knownAt ?? 0 });
  }
  return routes;
}

function toMoment(setting: string | null): number | null {
  return setting === null ? null : Number(setting);
}
