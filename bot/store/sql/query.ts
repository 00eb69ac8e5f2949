import { type Compilable, type RawBuilder, sql } from "kysely";
import type { Connection, Result } from "./connection.ts";
import { toStorable } from "./storable.ts";

/** Leaves a place open in a query, to be filled by name at each run. */
export type Slot<Values> = <Name extends keyof Values>(name: Name) => RawBuilder<Values[Name]>;

/** A query with open places, ready to run. */
export interface Query<Values, Row> {
  all(values: Values): Promise<readonly Row[]>;
  /** The first row; null when there is none. */
  one(values: Values): Promise<Row | null>;
  /** How many rows changed. */
  run(values: Values): Promise<number>;
}

/** A query over as many rows as it is given. It throws where it can't be asked for, and then it was not. */
export interface RowsQuery<Values, Row> {
  /** What all its statements answered together; they are asked for at once. */
  run(rows: readonly Values[]): Promise<Result<Row>>;
  /** As `run`; rejects unless each row changes one of the table. */
  change(rows: readonly Values[]): Promise<Result<Row>>;
  /** As `run`; rejects where it finds any. */
  findNone(rows: readonly Values[]): Promise<Result<Row>>;
}

/** How many rows a statement takes: larger ones save little more, and each size of each is compiled and kept. */
export const maxRows = 128;

/**
 * Builds and compiles a query once, so that a press pays only for running it: building and compiling cost several times
 * more than SQLite needs for the statement itself.
 */
export function prepare<Values extends object, Row>(
  on: Connection,
  build: (slot: Slot<Values>) => Compilable<Row>,
): Query<Values, Row> {
  const statement = compile(on, (slotOf: SlotOf<Values>) => build(slotOf(0)));
  return {
    async all(values) {
      return (await statement([values])).rows;
    },
    async one(values) {
      return (await statement([values])).rows[0] ?? null;
    },
    async run(values) {
      return (await statement([values])).changed;
    },
  };
}

/**
 * As `prepare`, for a query over many rows: compiled for each number of rows that it meets, and split where there are
 * more than one statement takes.
 */
export function prepareRows<Values extends object, Row>(
  on: Connection,
  build: (rows: readonly Slot<Values>[]) => Compilable<Row>,
): RowsQuery<Values, Row> {
  const statements = new Map<number, Filled<Values, Row>>();
  function statementFor(count: number): Filled<Values, Row> {
    const toRows = (slotOf: SlotOf<Values>) => Array.from({ length: count }, (_, row) => slotOf(row));
    const statement = statements.get(count) ?? compile(on, (slotOf: SlotOf<Values>) => build(toRows(slotOf)));
    statements.set(count, statement);
    return statement;
  }
  function runAll(all: readonly Values[], mustBe: (count: number) => number | undefined): Promise<Result<Row>> {
    const results: Promise<Result<Row>>[] = [];
    for (let from = 0; from < all.length; from += maxRows) {
      const some = all.slice(from, from + maxRows);
      results.push(statementFor(some.length)(some, mustBe(some.length)));
    }
    return Promise.all(results).then(toOne);
  }
  return {
    run: (all) => runAll(all, () => undefined),
    change: (all) => runAll(all, (count) => count),
    findNone: (all) => runAll(all, () => 0),
  };
}

/**
 * As `prepareRows`, for a query that looks up rows by their keys. The last key is named again until their number is a
 * power of two, so that few sizes are compiled; a key that is named twice finds its row once.
 */
export function prepareKeys<Key extends object, Row>(
  on: Connection,
  build: (keys: readonly Slot<Key>[]) => Compilable<Row>,
): RowsQuery<Key, Row> {
  const query = prepareRows(on, build);
  return {
    ...query,
    run: (keys) => query.run(toPowerOfTwo(keys)),
    findNone: (keys) => query.findNone(toPowerOfTwo(keys)),
  };
}

function toPowerOfTwo<Key>(keys: readonly Key[]): readonly Key[] {
  const last = keys.at(-1);
  if (last === undefined) return keys;
  const size = Math.min(maxRows, 2 ** Math.ceil(Math.log2(keys.length)));
  const missing = (size - (keys.length % size)) % size;
  return [...keys, ...Array.from({ length: missing }, () => last)];
}

function toOne<Row>(results: readonly Result<Row>[]): Result<Row> {
  const [only] = results;
  if (results.length === 1 && only !== undefined) return only;
  return {
    rows: results.flatMap(({ rows }) => rows),
    changed: results.reduce((sum, { changed }) => sum + changed, 0),
  };
}

/** A statement, with the values of rows in its places. */
type Filled<Values, Row> = (rows: readonly Values[], mustBe?: number) => Promise<Result<Row>>;
type SlotOf<Values> = (row: number) => Slot<Values>;

/** Compiles a query; what has no slot in it is a constant. */
function compile<Values extends object, Row>(
  on: Connection,
  build: (slotOf: SlotOf<Values>) => Compilable<Row>,
): Filled<Values, Row> {
  const marks = new Map<unknown, { readonly row: number; readonly name: keyof Values }>();
  const { sql: text, parameters } = build((row) => (name) => {
    const mark = Symbol();
    marks.set(mark, { row, name });
    return sql`${sql.val(mark)}`;
  }).compile();
  const places = parameters.map((constant) => ({ constant, slot: marks.get(constant) }));
  const statement = on.prepare<Row>(text);
  return (rows, mustBe) =>
    statement(
      places.map(({ constant, slot }) => (slot ? toStorable(slot.name, rows[slot.row]?.[slot.name]) : constant)),
      mustBe,
    );
}

/** Rows of a statement, each with its values in the order of the columns. */
export type Rows = readonly (readonly RawBuilder<unknown>[])[];

/** VALUES of many rows, in brackets. SQLite and PostgreSQL both name its columns column1, column2 … */
export function toValues<Row>(rows: Rows): RawBuilder<Row> {
  return sql<Row>`(values ${sql.join(rows.map((row) => sql`(${sql.join(row)})`))})`;
}

/** Whether those columns of a row are one of the rows. */
export function isOneOf(columns: readonly string[], rows: Rows): RawBuilder<boolean> {
  return sql<boolean>`(${sql.join(columns.map((column) => sql.ref(column)))}) in ${toValues(rows)}`;
}

/** A number, said to be one: in VALUES PostgreSQL would take it for a text. */
export function toNumber(value: RawBuilder<unknown>): RawBuilder<number> {
  return sql<number>`cast(${value} as bigint)`;
}
