import { createHash } from "node:crypto";
import Database from "better-sqlite3";
import { connectTo } from "../../storage/postgres/new-postgres.ts";

/** What each database has of its own. */
const own: ReadonlySet<string> = new Set(["owner", "kysely_migration", "kysely_migration_lock", "sqlite_sequence"]);

/** The numbers of rows, in which there may be gaps. */
const numbers: Readonly<Record<string, string>> = { incidents: "number", outbox: "id" };

/** Rows of each table, in an order that no database gave them. */
type StoredRows = Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>>;

/** Everything that a file holds. */
export function rowsOfFile(path: string): StoredRows {
  const file = new Database(path, { readonly: true });
  const found = file.prepare<[], { name: string }>("select name from sqlite_schema where type = 'table'").all();
  const tables = found.map(({ name }) => name).filter((name) => !own.has(name));
  const rows = tables.map(
    (table) => [table, sort(table, file.prepare<[], object>(`select * from ${table}`).all())] as const,
  );
  file.close();
  return Object.fromEntries(rows);
}

/** Everything that a database of a server holds. */
export async function rowsOfServer(url: string): Promise<StoredRows> {
  const client = connectTo(url);
  const { rows: found } = await client.query<{ name: string }>(
    "select table_name as name from information_schema.tables where table_schema = 'public'",
    [],
  );
  const all: [string, ReturnType<typeof sort>][] = [];
  for (const { name } of found.filter((table) => !own.has(table.name)))
    all.push([name, sort(name, (await client.query<object>(`select * from ${name}`, [])).rows)]);
  await client.close();
  return Object.fromEntries(all);
}

/** All columns of a file, as `table.column`. */
export function columnsOfFile(path: string): readonly string[] {
  const file = new Database(path, { readonly: true });
  const found = file
    .prepare<[], { table: string; name: string }>(
      `select m.name as "table", p.name from sqlite_schema as m join pragma_table_info(m.name) as p
        where m.type = 'table'`,
    )
    .all();
  file.close();
  return found.filter(({ table }) => !own.has(table)).map(({ table, name }) => `${table}.${name}`);
}

/** By these a store looks whether it can write, and a server knows that it was put back. */
const ownSettings: ReadonlySet<unknown> = new Set(["probe", "home"]);

function sort(table: string, rows: readonly object[]) {
  const brief = rows
    .filter((row) => !("subject" in row && ownSettings.has(row.subject)))
    .map((row) => {
      const named = Object.entries(row).filter(([name]) => name !== numbers[table]);
      const columns = named.toSorted(([a], [b]) => (a < b ? -1 : 1));
      return Object.fromEntries(columns.map(([name, value]) => [name, toBrief(value)]));
    });
  return brief.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}

/** Where two differ nobody could read a mebibyte. */
function toBrief(value: unknown): unknown {
  if (typeof value !== "string" || value.length < 200) return value;
  // What a body says of the number of its incident is not read, and most say 0.
  const text = value.replace(/"number":\d+,"version"/, '"number":0,"version"');
  return `${text.slice(0, 40)} … ${createHash("sha256").update(text).digest("base64url")}`;
}
