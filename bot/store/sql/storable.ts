import { createHash } from "node:crypto";

/** What is as long as it is; everything else names something, and an index has it. */
const longTexts: ReadonlySet<PropertyKey> = new Set(["body", "outgoing", "value", "shown", "rung"]);
/** PostgreSQL takes some 2,700 bytes of a row into an index, and up to three such texts stand in one. */
const maxNameBytes = 640;
const digestLength = 43;
const replacement = "\uFFFD";

/**
 * Makes a value, which stands in the place of that name in a query, one that every database takes and gives back alike:
 * an alarm is never refused, again and again, for a sign in a device's name. In a text NUL and half of a surrogate pair
 * become U+FFFD; the text inside JSON is not touched, because that escapes both. A name of more than 640 bytes is
 * shortened, and told from others by its digest. A number is brought to the nearest that is held exactly; NaN is 0.
 * What was left out, as in the body of an older version, is null.
 */
export function toStorable(name: PropertyKey, value: unknown): unknown {
  if (typeof value === "string") return toText(value, longTexts.has(name));
  return typeof value === "number" ? toNumber(value) : (value ?? null);
}

/** The same of each value of a row: as it comes back from the database. */
export function toStorableRow<Row extends object>(row: Row): Row {
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, toStorable(name, value)])) as Row;
}

function toText(value: string, isLong: boolean): string {
  const isStorable = value.isWellFormed() && !value.includes("\0");
  const text = isStorable ? value : value.toWellFormed().replaceAll("\0", replacement);
  // No sign of UTF-16 takes more than three bytes.
  if (isLong || text.length * 3 <= maxNameBytes || Buffer.byteLength(text) <= maxNameBytes) return text;
  const begin = Buffer.from(text).subarray(0, maxNameBytes - digestLength - replacement.length * 3);
  // The last sign may have been cut through.
  const whole = begin.toString().replace(/\uFFFD+$/, "");
  return `${whole} ${createHash("sha256").update(text).digest("base64url")}`;
}

function toNumber(value: number): number {
  if (Number.isNaN(value)) return 0;
  // There is no -0 in an integer.
  return Math.min(Math.max(value, Number.MIN_SAFE_INTEGER), Number.MAX_SAFE_INTEGER) + 0;
}
