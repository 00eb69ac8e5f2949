import { Position } from "../../../../bot/domain/alarm.ts";
import type { SenmlRecord } from "../../../kit/senml.ts";
import { positionFreshMs } from "./fields.ts";

/** What one device said of one moment: the last value of each name, and every payload. */
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

/** By device and moment, so that the order of the records says nothing. */
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
 * `urn:dev:DEVEUI:0059AC0000123456:port`; of another urn, such as one by IMEI, what stands before the last colon names
 * the device.
 */
function splitName(name: string): { device: string; field: string } {
  const [, eui, rest = ""] = /^urn:dev:deveui:([0-9a-f]{16}):?(.*)$/is.exec(name) ?? [];
  if (eui !== undefined) return { device: eui.toUpperCase(), field: rest };
  const colon = name.lastIndexOf(":");
  const device = name.slice(0, Math.max(colon, 0)).split(":").filter(Boolean).at(-1) ?? "";
  return { device: device.slice(0, 128), field: name.slice(colon + 1) };
}

/** Where the network, or the device, says that it is. The network's radius is some 300 m, and stays with it. */
export function toLocated({ at, values }: Group): LocatedGroup | null {
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

/** The position that was taken nearest to the message; null when none was taken about then. */
export function toNearest(located: readonly LocatedGroup[], at: number | null): Position | null {
  const [nearest] = [...located].sort((a, b) => distance(a.at, at) - distance(b.at, at));
  return nearest !== undefined && isFresh(nearest.at, at) ? nearest.position : null;
}

function isFresh(locatedAt: number | null, at: number | null): boolean {
  return distance(locatedAt, at) <= positionFreshMs;
}

/** In one pack, what names no moment belongs to the others. */
function distance(locatedAt: number | null, at: number | null): number {
  return locatedAt === null || at === null ? 0 : Math.abs(locatedAt - at);
}
