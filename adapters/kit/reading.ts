import type { Alarm, Position } from "../../bot/domain/alarm.ts";

/** What one message of a device means, whatever brought it. */
export interface Reading {
  readonly kind: Alarm["kind"];
  readonly position: Position | null;
  /** 0 to 1. */
  readonly battery: number | null;
}

/** A reading with only what `parts` holds. */
export function toReading(kind: Reading["kind"], parts: Partial<Omit<Reading, "kind">> = {}): Reading {
  return { kind, position: null, battery: null, ...parts };
}

/** Per cent as 0 to 1; null for anything else, which decoders use for charging and unknown. */
export function toShare(percent: unknown): number | null {
  const value = toNumber(percent);
  return value !== null && value >= 0 && value <= 100 ? value / 100 : null;
}

/** A number, which some decoders write as text; null for anything else. */
export function toNumber(value: unknown): number | null {
  if (typeof value === "number") return Number.isFinite(value) ? value : null;
  return typeof value === "string" && /^-?\d{1,20}(\.\d{1,20})?$/.test(value) ? Number(value) : null;
}
