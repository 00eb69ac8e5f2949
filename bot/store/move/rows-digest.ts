import { createHash } from "node:crypto";
import type { Column } from "./column.ts";

/** So many bytes of a row's digest count. */
const bytes = 7;
/** Neither stands in a text of ours. */
const [between, missing] = ["\u001f", "\u001e"];

/** How many rows there are and what they hold, in any order. */
export interface RowsDigest {
  readonly count: number;
  /** The sum of the rows' digests. */
  readonly sum: bigint;
}

export const noRows: RowsDigest = { count: 0, sum: 0n };

/** The digest of rows and one more, whose values stand in the order of its columns. */
export function addRow({ count, sum }: RowsDigest, columns: readonly Column[], values: readonly unknown[]): RowsDigest {
  const text = columns.map(({ isReal }, at) => toText(values[at], isReal)).join(between);
  const digest = createHash("sha256").update(text).digest();
  return { count: count + 1, sum: sum + BigInt(digest.readUIntBE(0, 6)) * 256n + BigInt(digest.readUInt8(6)) };
}

/** Asks PostgreSQL for the same of a table: `count`, and `sum` as a text. */
export function askDigest(table: string, columns: readonly Column[]): string {
  const values = columns.map(({ name, isReal }) => {
    const text = isReal ? `encode(float8send("${name}"), 'hex')` : `"${name}"::text`;
    return `coalesce(${text}, chr(${missing.charCodeAt(0)}))`;
  });
  const row = `convert_to(concat_ws(chr(${between.charCodeAt(0)}), ${values.join(", ")}), 'UTF8')`;
  const digest = `('x' || encode(substr(sha256(${row}), 1, ${bytes}), 'hex'))::bit(${bytes * 8})::bigint`;
  return `select count(*) as count, coalesce(sum(${digest}), 0)::text as sum from "${table}"`;
}

function toText(value: unknown, isReal: boolean): string {
  if (value === null) return missing;
  if (!isReal) return String(value);
  const real = Buffer.alloc(8);
  real.writeDoubleBE(Number(value));
  return real.toString("hex");
}
