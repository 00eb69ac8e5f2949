import { Position } from "../../../../bot/domain/alarm.ts";
import type { SenmlRecord } from "../../../kit/senml.ts";
import { positionFreshMs } from "./fields.ts";

/** The records of one device at one moment: the last value of each name, and every payload. */
export interface Group {
  readonly device: string;
  readonly at: number | null;
  readonly values: Map<string, SenmlRecord["value"]>;
  readonly payloads: SenmlRecord["value"][];
}

export interface LocatedGroup {
  readonly at: number | null;
  readonly position: Position;
}

/** Groups the records by device and moment, so that their order does not matter. */
export function toGroups(records: readonly SenmlRecord[]): Group[] {
  const groups = new Map<string, Group>();
  for (const { name, at, value } of records) {
    const { device, field } = splitName(name);
    const key = JSON.stringify([device, at]);
    const group: Group = groups.get(key) ?? { device, at, values: new Map(), payloads: [] };
    groups.set(key, group);
    group.values.set(field, value);
    if (field === "payload") group.payloads.push(value);
  }
  return [...groups.values()];
}

/**
 * Splits a name such as `urn:dev:DEVEUI:0059AC0000123456:port`; in another urn, such as one by IMEI, the last part
 * before the last colon names the device.
 */
function splitName(name: string): { device: string; field: string } {
  const [, eui, rest = ""] = /^urn:dev:deveui:([0-9a-f]{16}):?(.*)$/is.exec(name) ?? [];
  if (eui !== undefined) return { device: eui.toUpperCase(), field: rest };
  const colon = name.lastIndexOf(":");
  const device = name.slice(0, Math.max(colon, 0)).split(":").filter(Boolean).at(-1) ?? "";
  return { device: device.slice(0, 128), field: name.slice(colon + 1) };
}

/**
 * The position that the network or the device gives; null without a fresh one. The network's radius of some 300 m stays
 * with it as the accuracy.
 */
export function toLocatedGroup({ at, values }: Group): LocatedGroup | null {
  const radius = values.get("radius");
  const position = Position.safeParse({
    lat: values.get("latitude"),
    lon: values.get("longitude"),
    accuracyM: typeof radius === "number" && radius > 0 ? radius : null,
  }).data;
  const locatedAt = toLocatedAt(values.get("locTime")) ?? at;
  return position && isFresh(locatedAt, at) ? { at: locatedAt, position } : null;
}

/** `locTime` is seconds as a number, in older messages milliseconds as text. */
function toLocatedAt(locTime: SenmlRecord["value"] | undefined): number | null {
  if (typeof locTime === "number") return toMoment(locTime * 1000);
  return typeof locTime === "string" && /^\d{12,14}$/.test(locTime) ? toMoment(Number(locTime)) : null;
}

function toMoment(ms: number): number | null {
  const at = Math.round(ms);
  return at > 0 && Number.isSafeInteger(at) ? at : null;
}

/** The position nearest in time to the message; null when none is near enough. */
export function findNearestPosition(located: readonly LocatedGroup[], at: number | null): Position | null {
  const [nearest] = [...located].sort((a, b) => toDistanceMs(a.at, at) - toDistanceMs(b.at, at));
  return nearest !== undefined && isFresh(nearest.at, at) ? nearest.position : null;
}

function isFresh(locatedAt: number | null, at: number | null): boolean {
  return toDistanceMs(locatedAt, at) <= positionFreshMs;
}

/**
 * The time between two moments, in milliseconds; 0 without both, because in one pack what names no moment belongs to
 * the others.
 */
function toDistanceMs(locatedAt: number | null, at: number | null): number {
  return locatedAt === null || at === null ? 0 : Math.abs(locatedAt - at);
}
