// https://www.rfc-editor.org/rfc/rfc8428: Sensor Measurement Lists
import { z } from "zod";

/** One measurement, complete in itself. */
export interface SenmlRecord {
  /** Base name and name together. */
  readonly name: string;
  /** Epoch milliseconds; null when the record says none, or only one relative to when it was sent. */
  readonly at: number | null;
  readonly unit: string | null;
  /** Binary data (`vd`) is its base64url text; null when there is no value that can be read. */
  readonly value: number | string | boolean | null;
}

const maxVersion = 10;
/** Section 4.5.3: a smaller number of seconds counts from the moment of sending. */
const minAbsoluteTime = 2 ** 28;
/** A longer name names no device, and a thousand records that share it would be as many long names. */
const maxNameLength = 256;

const Text = z.string().nullish();
const Quantity = z.number().nullish();
const Value = z.unknown().optional();

/**
 * The fields of section 4.3. A wrong `bn`, `bv`, `bver` or `n` makes the whole pack unreadable, because nobody can tell
 * then what it is about; any other wrong field is only left out.
 */
const Entry = z.object({
  bn: Text,
  bv: Quantity,
  bver: z.number().max(maxVersion).nullish(),
  n: Text,
  bt: Quantity.catch(Number.NaN),
  bu: Text.catch(null),
  u: Text.catch(null),
  t: Quantity.catch(Number.NaN),
  v: Value,
  vs: Value,
  vb: Value,
  vd: Value,
  s: Value,
});
type Entry = z.infer<typeof Entry>;

/** The base values in force (section 4.1): each counts from the record that sets it until another one does. */
interface Base {
  readonly name: string;
  readonly time: number;
  readonly unit: string | null;
  readonly value: number | null;
}

/**
 * Resolves a parsed JSON pack by section 4.6: wherever base values stand, every record comes out complete, in its
 * order. null when it is no pack, or one that must not be interpreted: of a newer version, with a field that has to
 * be understood (section 4.4), or with a name of more than 256 characters. Never throws.
 */
export function resolveSenml(pack: unknown): SenmlRecord[] | null {
  if (!Array.isArray(pack)) return null;
  let base: Base = { name: "", time: 0, unit: null, value: null };
  const records: SenmlRecord[] = [];
  for (const part of pack) {
    const entry = Entry.safeParse(part).data;
    if (!entry || Object.keys(part).some((key) => key.endsWith("_"))) return null;
    if ((entry.bn ?? base.name).length + (entry.n ?? "").length > maxNameLength) return null;
    base = {
      name: entry.bn ?? base.name,
      time: entry.bt ?? base.time,
      unit: entry.bu ?? base.unit,
      value: entry.bv ?? base.value,
    };
    if (isMeasurement(entry)) records.push(toRecord(entry, base));
  }
  return records;
}

/**
 * Whether the record measures something: one with base values only does not.
 * https://docs.kpnthings.com/dm/concepts/senml/upcoming-changes-in-kpn-senml
 */
function isMeasurement({ n, v, vs, vb, vd, s }: Entry): boolean {
  return [n, v, vs, vb, vd, s].some((field) => field !== undefined && field !== null);
}

function toRecord(entry: Entry, base: Base): SenmlRecord {
  return {
    name: base.name + (entry.n ?? ""),
    at: toMoment(base.time + (entry.t ?? 0)),
    unit: entry.u ?? base.unit,
    value: toValue(entry, base.value),
  };
}

function toMoment(seconds: number): number | null {
  const at = Math.round(seconds * 1000);
  return seconds >= minAbsoluteTime && Number.isSafeInteger(at) ? at : null;
}

/**
 * Section 4.5.4: the sum of value and base value, of which a missing one counts as 0, unless the record has a value of
 * another kind.
 */
function toValue({ v, vs, vb, vd, s }: Entry, base: number | null): SenmlRecord["value"] {
  if (typeof v === "number") return v + (base ?? 0);
  if (typeof vs === "string") return vs;
  if (typeof vb === "boolean") return vb;
  if (typeof vd === "string") return vd;
  return [v, vs, vb, vd, s].every((field) => field === undefined) ? base : null;
}
