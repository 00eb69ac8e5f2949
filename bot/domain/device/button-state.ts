import type { Alarm } from "../alarm.ts";

/** What a source last said of a state that lasts until it ends. */
export interface ButtonState {
  readonly source: string;
  /** The name that the source gives it, or the button's id in lower case. */
  readonly name: string;
  readonly isOn: boolean;
  /** Tells this time that it is on from the next; null where the source doesn't. */
  readonly run: string | null;
  /** Whether it was ever heard to be off: only then a state that is on for the second time is surely the first one. */
  readonly wasOff: boolean;
  /** When it was last heard of, epoch milliseconds UTC by our clock. */
  readonly at: number;
}

/** The name under which the state in an alarm is stored. */
export function toStateName({ state, button }: Pick<Alarm, "state" | "button">): string {
  return state?.name ?? button.toLowerCase();
}

/** The state after an alarm that says whether it is on; `before` is null when it was never heard of. */
export function toButtonState(
  before: ButtonState | null,
  source: string,
  alarm: Pick<Alarm, "state" | "button">,
  at: number,
): ButtonState {
  const isOn = alarm.state?.isOn ?? false;
  const run = alarm.state?.run ?? null;
  return { source, name: toStateName(alarm), isOn, run, wasOff: !isOn || (before?.wasOff ?? false), at };
}

/**
 * Judges a state that is on by what the source said before. `new`: it was off, or never heard of, or another time that
 * it is on. `repeated`: it was on before, and its press was taken. `doubtful`: it may be either, because this device
 * was never heard to release its button, and may never say so.
 */
export function judgeState(
  before: ButtonState | null,
  { kind, state }: Pick<Alarm, "kind" | "state">,
): "new" | "repeated" | "doubtful" {
  if (before === null || !before.isOn || before.run !== (state?.run ?? null)) return "new";
  return kind === "still-pressed" || before.wasOff ? "repeated" : "doubtful";
}
