import type { Alarm, Position } from "../../bot/domain/alarm.ts";

/** What one message of a device means, whatever brought it. */
export interface Reading {
  readonly kind: Alarm["kind"];
  readonly position: Position | null;
  /** 0 to 1. */
  readonly battery: number | null;
  /** Whether the device says that it is pressed, in alarm or not; null when it says nothing of that. */
  readonly isOn: boolean | null;
}

/** A reading with only what `parts` holds. */
export function toReading(kind: Reading["kind"], parts: Partial<Omit<Reading, "kind">> = {}): Reading {
  return { kind, position: null, battery: null, isOn: null, ...parts };
}

/** Per cent as 0 to 1; null for anything else, which decoders use for charging and unknown. */
export function toShare(percent: unknown): number | null {
  const value = toNumber(percent);
  return value !== null && value >= 0 && value <= 100 ? value / 100 : null;
}

/**
 * How full a battery is, 0 to 1, as senders of our own form write it: a number up to 1 as it is, a larger one in per
 * cent, and a text with a per cent sign in per cent whatever its size. null for anything else.
 */
export function toFill(value: unknown): number | null {
  const [, percent] = typeof value === "string" ? (/^\s*(\d{1,3}(?:\.\d{1,20})?)\s*%\s*$/.exec(value) ?? []) : [];
  if (percent !== undefined) return toShare(percent);
  const number = toNumber(value);
  return number !== null && number >= 0 && number <= 1 ? number : toShare(number);
}

/** A number, which some decoders write as text; null for anything else. */
export function toNumber(value: unknown): number | null {
  if (typeof value === "number") return Number.isFinite(value) ? value : null;
  return typeof value === "string" && /^-?\d{1,20}(\.\d{1,20})?$/.test(value) ? Number(value) : null;
}

/** The state of a button in an alarm, from what its device says; null when that is nothing. */
export function toOwnState(isOn: boolean | null): Alarm["state"] {
  return isOn === null ? null : { name: null, run: null, isOn };
}
