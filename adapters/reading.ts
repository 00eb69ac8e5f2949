import type { Alarm, Position } from "../bot/incident/alarm.ts";

/** What one message of a device means, whatever brought it. */
export interface Reading {
  readonly kind: Alarm["kind"];
  readonly position: Position | null;
  /** 0 to 1. */
  readonly battery: number | null;
}

/** A reading of which nothing is known but what `parts` says. */
export function toReading(kind: Reading["kind"], parts: Partial<Omit<Reading, "kind">> = {}): Reading {
  return { kind, position: null, battery: null, ...parts };
}
