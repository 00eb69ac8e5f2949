import { type Alarm, alarmKinds } from "../alarm.ts";

/** What a button was last heard to say: the kind of its message, or how full its battery is. */
export const seenKinds = [...alarmKinds, "battery"] as const;
export type SeenKind = (typeof seenKinds)[number];

/** The last sign of one kind of a button, known or not; button "" is the source itself. */
export interface LastSeen {
  readonly source: string;
  readonly button: string;
  readonly kind: SeenKind;
  /** Epoch milliseconds UTC, by our clock. */
  readonly at: number;
  /** 0 to 1; only with kind `battery`. */
  readonly battery: number | null;
}

/** What an alarm tells of its button. */
export function toLastSeen(source: string, alarm: Alarm, at: number): LastSeen[] {
  const { button, kind, battery } = alarm;
  const seen: LastSeen = { source, button, kind, at, battery: null };
  return battery === null ? [seen] : [seen, { source, button, kind: "battery", at, battery }];
}

/** When a button last said any of these; null when it never did. */
export function lastSeenAt(lastSeen: readonly LastSeen[], ...kinds: readonly SeenKind[]): number | null {
  const moments = lastSeen.filter(({ kind }) => kinds.includes(kind)).map(({ at }) => at);
  return moments.length === 0 ? null : Math.max(...moments);
}

/** When each source was last heard, by its name. */
export function toLastSeenOfSources(lastSeen: readonly LastSeen[]): ReadonlyMap<string, number> {
  const newest = new Map<string, number>();
  for (const { source, at } of lastSeen) newest.set(source, Math.max(at, newest.get(source) ?? at));
  return newest;
}

/**
 * Whether "still pressed" belongs to an alarm that a person closed at `closedAt`: nothing has said since that it was
 * over. A new press says so itself; this only keeps a closed one from opening again every minute.
 */
export function isSameAlarm(lastSeen: readonly LastSeen[], closedAt: number): boolean {
  const overAt = lastSeenAt(lastSeen, "cancel", "heartbeat", "position", "test");
  return overAt === null || overAt <= closedAt;
}
