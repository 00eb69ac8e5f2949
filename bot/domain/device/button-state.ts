import type { Alarm } from "../alarm.ts";

/**
 * A state that is on is known to have stayed so for this long after it was said: devices that repeat it do so at least
 * daily, and after that its end may have been missed.
 */
const sureForMs = 24 * 3_600_000;

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
  /** The identity of the message that said so last; null when it has none, or it is not known. */
  readonly message: string | null;
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
  alarm: Pick<Alarm, "id" | "state" | "button">,
  at: number,
): ButtonState {
  const isOn = alarm.state?.isOn ?? false;
  const run = alarm.state?.run ?? null;
  const wasOff = !isOn || (before?.wasOff ?? false);
  return { source, name: toStateName(alarm), isOn, run, wasOff, message: alarm.id, at };
}

/**
 * Judges a state that is on at `now` by what the source said before. `new`: it was off, or never heard of, or another
 * time that it is on. `repeated`: it was on before, and its press was taken. `doubtful`: it may be either, because this
 * device was never heard to release its button, and may never say so, or because its release may have been missed: it
 * was silent for long, or nothing was heard of it since the bot started (`isHeard`), and what is said before that, and
 * until then, may be on no disk.
 */
export function judgeState(
  before: ButtonState | null,
  { id, kind, state }: Pick<Alarm, "id" | "kind" | "state">,
  now: number,
  isHeard: boolean,
): "new" | "repeated" | "doubtful" {
  const run = state?.run ?? null;
  if (before === null || !before.isOn || before.run !== run) return "new";
  // The same message once more, or the device itself says since when.
  if ((id !== null && id === before.message) || (kind === "still-pressed" && run !== null)) return "repeated";
  if (!isHeard || now - before.at > sureForMs) return "doubtful";
  return kind === "still-pressed" || before.wasOff ? "repeated" : "doubtful";
}

/**
 * Whether the identity of the alarm is that of a state, which the source repeats for as long as it lasts: the end of a
 * day is no end of it, so that each time renews it (rule 2).
 */
export function isRepeatedState({ kind, state }: Pick<Alarm, "kind" | "state">): boolean {
  return kind === "pressed" || (state !== null && state.run !== null);
}
