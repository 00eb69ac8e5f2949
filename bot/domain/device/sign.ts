import { type Alarm, alarmKinds } from "../alarm.ts";

/** What a button was last heard to say: the kind of its message, or how full its battery is. */
export const signKinds = [...alarmKinds, "battery"] as const;
export type SignKind = (typeof signKinds)[number];

/** The last sign of one kind of a button, known or not; button "" is the source itself. */
export interface Sign {
  readonly source: string;
  readonly button: string;
  readonly kind: SignKind;
  /** Epoch milliseconds UTC, by our clock. */
  readonly at: number;
  /** 0 to 1; only with kind `battery`. */
  readonly battery: number | null;
}

/** What an alarm tells of its button. */
export function toSigns(source: string, alarm: Alarm, at: number): Sign[] {
  const { button, kind, battery } = alarm;
  const sign: Sign = { source, button, kind, at, battery: null };
  return battery === null ? [sign] : [sign, { source, button, kind: "battery", at, battery }];
}

/** When a button last said any of these; null when it never did. */
export function lastOf(signs: readonly Sign[], ...kinds: readonly SignKind[]): number | null {
  const moments = signs.filter(({ kind }) => kinds.includes(kind)).map(({ at }) => at);
  return moments.length === 0 ? null : Math.max(...moments);
}

/** When each source was last heard, by its name. */
export function toLastHeard(signs: readonly Sign[]): ReadonlyMap<string, number> {
  const heard = new Map<string, number>();
  for (const { source, at } of signs) heard.set(source, Math.max(at, heard.get(source) ?? at));
  return heard;
}

/**
 * Whether "still pressed" belongs to an alarm that a person closed at `closedAt`: nothing has said since that it was over.
 * A new press says so itself; this only keeps a closed one from opening again every minute.
 */
export function isSameAlarm(signs: readonly Sign[], closedAt: number): boolean {
  const overAt = lastOf(signs, "cancel", "heartbeat", "position", "test");
  return overAt === null || overAt <= closedAt;
}
