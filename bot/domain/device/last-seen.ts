import type { Alarm } from "../alarm.ts";

/** What is remembered of a button: the last message of each kind, and how full its battery is. */
export type SeenKind = Alarm["kind"] | "battery";

/** The last message of one kind from a button, configured or not; button "" is the source itself. */
export interface LastSeen {
  readonly source: string;
  readonly button: string;
  readonly kind: SeenKind;
  /** Epoch milliseconds UTC, by our clock. */
  readonly at: number;
  /** 0 to 1; only with kind `battery`. */
  readonly battery: number | null;
}

/** Maps an alarm to what it shows of its button. */
export function toLastSeen(source: string, alarm: Alarm, at: number): LastSeen[] {
  const { button, kind, battery } = alarm;
  const seen: LastSeen = { source, button, kind, at, battery: null };
  return battery === null ? [seen] : [seen, { source, button, kind: "battery", at, battery }];
}

/** When a message of any of these kinds last came, in epoch milliseconds; null when none ever did. */
export function lastSeenAt(lastSeen: readonly LastSeen[], ...kinds: readonly SeenKind[]): number | null {
  const moments = lastSeen.filter(({ kind }) => kinds.includes(kind)).map(({ at }) => at);
  return moments.length === 0 ? null : Math.max(...moments);
}

/** When something last came from each source, in epoch milliseconds, by the name of the source. */
export function toLastSeenOfSources(lastSeen: readonly LastSeen[]): ReadonlyMap<string, number> {
  const newest = new Map<string, number>();
  for (const { source, at } of lastSeen) newest.set(source, Math.max(at, newest.get(source) ?? at));
  return newest;
}
