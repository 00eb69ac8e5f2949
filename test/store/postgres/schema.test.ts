import Database from "better-sqlite3";
import { expect, it } from "vitest";
import { openLog } from "../../../bot/logging/open-log.ts";
import { openStore } from "../../../bot/store/store.ts";
import { connectTo, newPostgres } from "../../storage/postgres/new-postgres.ts";
import { patient } from "../../storage/postgres/server.ts";
import { newDatabase } from "../new-database.ts";

/** What each database has of its own. */
const own = ["owner", "kysely_migration", "kysely_migration_lock", "sqlite_sequence"];

interface Column {
  readonly table: string;
  readonly name: string;
  readonly type: string;
  readonly isOptional: boolean;
  /** Its place in the key, from 1; 0: it is none. */
  readonly key: number;
}

it("has the tables, columns, keys and indexes that SQLite has, with texts in the order of their bytes", async () => {
  const [path, url] = [newDatabase(), await newPostgres("18", "empty")];
  for (const each of [`sqlite:${path}`, url]) {
    const store = await openStore({ url: each, log: openLog("silent"), timeouts: patient });
    await store.probe();
    await store[Symbol.asyncDispose]();
  }
  const client = connectTo(url);
  using database = new DisposableStack();
  const file = database.adopt(new Database(path, { readonly: true }), (each) => void each.close());
  const inFile = file
    .prepare<[], { table: string; name: string; type: string; notnull: number; pk: number }>(
      `select m.name as "table", p.name, p.type, p."notnull", p.pk from sqlite_schema as m
        join pragma_table_info(m.name) as p where m.type = 'table'`,
    )
    .all()
    .map(({ notnull, pk, type, ...rest }): Column => {
      return { ...rest, type: toType(type), isOptional: notnull === 0 && pk === 0, key: pk };
    });
  const { rows } = await client.query<{ table: string; name: string; type: string; optional: string; pk: number }>(
    `select c.table_name as "table", c.column_name as name, c.is_nullable as optional,
        c.data_type || coalesce(' ' || c.collation_name, '') as type,
        coalesce((select array_position(i.indkey::int2[], a.attnum) + 1 from pg_index as i
          where i.indrelid = a.attrelid and i.indisprimary), 0)::bigint as pk
      from information_schema.columns as c
      join pg_attribute as a on a.attrelid = c.table_name::regclass and a.attname = c.column_name
      where c.table_schema = 'public'`,
    [],
  );
  const onServer = rows.map(({ optional, pk, ...rest }): Column => {
    return { ...rest, isOptional: optional === "YES", key: pk };
  });
  expect(sort(onServer)).toEqual(sort(inFile));
  const { rows: indexes } = await client.query<{ name: string }>(
    `select indexname as name from pg_indexes where schemaname = 'public' and indexname not like '%_pkey'
      and indexname not like '%_key' order by indexname collate "C"`,
    [],
  );
  const unique = ["incidents_id"];
  const named = file
    .prepare<[], { name: string }>("select name from sqlite_schema where type = 'index' and sql is not null")
    .all();
  expect(indexes.map(({ name }) => name)).toEqual([...named.map(({ name }) => name), ...unique].toSorted());
  await client.close();
});

function toType(type: string): string {
  const known: Readonly<Record<string, string>> = { text: "text C", integer: "bigint", real: "double precision" };
  return known[type.toLowerCase()] ?? type.toLowerCase();
}

function sort(columns: readonly Column[]): readonly Column[] {
  const toKey = ({ table, name }: Column) => `${table}.${name}`;
  return columns.filter(({ table }) => !own.includes(table)).toSorted((a, b) => (toKey(a) < toKey(b) ? -1 : 1));
}
