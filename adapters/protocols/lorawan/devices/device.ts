import { z } from "zod";
import { Position } from "../../../../bot/domain/alarm.ts";
import { type Reading, toNumber } from "../../../kit/reading.ts";

/** One family of devices. Both readers never throw, and return null for a message that they do not know. */
export interface DeviceModel {
  /** The ports that its uplinks have by default. */
  readonly ports: readonly number[];
  /**
   * Reads what the network's decoder made of the message. The Things Stack leaves out every field that is 0, false or
   * empty. `bytes`: from which it was made, null where they did not come along.
   */
  readDecoded(decoded: unknown, bytes: Buffer | null): Reading | null;
  readBytes(bytes: Buffer, port: number | null): Reading | null;
}

/**
 * The charge of a cell, 0 to 1, linear between the two voltages: no cell is linear, but one that runs low shows. null
 * for what is no voltage of a working cell.
 */
export function toCharge(volts: unknown, empty: number, full: number): number | null {
  const value = toNumber(volts);
  if (value === null || value <= 0 || value > 2 * full) return null;
  return Math.min(1, Math.max(0, (value - empty) / (full - empty)));
}

/**
 * The position of these coordinates; null when they can't be one, because trackers without a fix send coordinates out
 * of range, or both 0.
 */
export function toPosition(latitude: unknown, longitude: unknown, accuracyM: unknown = null): Position | null {
  const [lat, lon, accuracy] = [latitude, longitude, accuracyM].map(toNumber);
  if (lat === 0 && lon === 0) return null;
  return Position.safeParse({ lat, lon, accuracyM: (accuracy ?? -1) < 0 ? null : accuracy }).data ?? null;
}

/**
 * A flag as decoders write it; absent is off. Any other value makes the message unknown, so that its bytes are read.
 */
export const Flag = z
  .literal([0, 1, false, true])
  .optional()
  .transform((value) => value === 1 || value === true);
