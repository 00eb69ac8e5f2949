/** A route is unproven after this long; a test every month keeps it below. */
const unprovenAfterMs = 35 * 24 * 3_600_000;

/**
 * What is wrong with a route to external security: for IT, and no alarm. `pager-lost`: the pager reports that part of
 * its route is lost. Moments are epoch milliseconds UTC.
 */
export type PagerTrouble = { readonly pager: string } & (
  | { readonly kind: "pager-lost"; readonly part: string; readonly since: number }
  /** No human has answered through it for long; `lastAt` null: none ever did. */
  | { readonly kind: "route-unproven"; readonly lastAt: number | null }
);

/** The state of a pager of the configuration. */
export interface PagerRecord {
  readonly pager: string;
  /** The parts that are lost now. */
  readonly lost: readonly { readonly part: string; readonly since: number }[];
  /** When a human last answered through it; null: never. */
  readonly provenAt: number | null;
  /** When it was first seen in the configuration. */
  readonly knownAt: number;
}

/** Finds all that is wrong with the routes at `now`, lost parts first. Pure. */
export function findPagerTroubles(records: readonly PagerRecord[], now: number): PagerTrouble[] {
  return [...records.flatMap(findLost), ...records.flatMap((record) => findUnproven(record, now))];
}

function findLost({ pager, lost }: PagerRecord): PagerTrouble[] {
  return lost.map((each) => ({ kind: "pager-lost", pager, ...each }));
}

function findUnproven({ pager, provenAt, knownAt }: PagerRecord, now: number): PagerTrouble[] {
  if (now - (provenAt ?? knownAt) <= unprovenAfterMs) return [];
  return [{ kind: "route-unproven", pager, lastAt: provenAt }];
}
