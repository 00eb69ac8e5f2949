import { type Alarm, alarmKinds } from "./alarm.ts";

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

/** A device that says "still pressed" after its alarm was closed is not heard again for this long. */
const sameAlarmMs = 30 * 60_000;

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

/**
 * Whether "still pressed" belongs to an alarm that we had and that was closed since: nothing said that the alarm was over
 * in between. A new press says so itself; this only keeps a closed one from opening again every minute.
 */
export function isKnownAlarm(signs: readonly Sign[], now: number): boolean {
  const pressedAt = lastOf(signs, "press", "still-pressed");
  if (pressedAt === null || now - pressedAt > sameAlarmMs) return false;
  const overAt = lastOf(signs, "cancel", "heartbeat", "position", "test");
  return overAt === null || overAt < pressedAt;
}
