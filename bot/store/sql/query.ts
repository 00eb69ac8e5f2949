import { type Compilable, type RawBuilder, sql } from "kysely";
import { toStorable } from "./storable.ts";

/** What a statement answered: its rows, or how many rows it changed. */
export interface Result<Row> {
  readonly rows: readonly Row[];
  readonly changed: number;
}

/** One connection to a database. */
export interface Connection {
  /** Makes a statement that runs again and again with other values, in the order of its parameters. */
  prepare<Row>(text: string): (values: readonly unknown[]) => Promise<Result<Row>>;
}

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

/**
 * Builds and compiles a query once, so that a press pays only for running it: building and compiling cost several times
 * more than SQLite needs for the statement itself.
 */
export function prepare<Values extends object, Row>(
  on: Connection,
  build: (slot: Slot<Values>) => Compilable<Row>,
): Query<Values, Row> {
  const names = new Map<unknown, keyof Values>();
  const { sql: text, parameters } = build((name) => {
    const mark = Symbol();
    names.set(mark, name);
    return sql`${sql.val(mark)}`;
  }).compile();
  const places = parameters.map((constant) => ({ constant, name: names.get(constant) }));
  const statement = on.prepare<Row>(text);

  function run(values: Values): Promise<Result<Row>> {
    return statement(
      places.map(({ constant, name }) => (name === undefined ? constant : toStorable(name, values[name]))),
    );
  }

  return {
    async all(values) {
      return (await run(values)).rows;
    },
    async one(values) {
      return (await run(values)).rows[0] ?? null;
    },
    async run(values) {
      return (await run(values)).changed;
    },
  };
}
