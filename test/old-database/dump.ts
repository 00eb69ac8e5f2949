import Database from "better-sqlite3";

/**
 * Stands in a dump wherever the database holds the address of Teams, which is another one at every start of the fake.
 */
export const anyServiceUrl = "http://teams.invalid/teams";

interface Part {
  readonly name: string;
  readonly sql: string;
}

/**
 * What a database holds, as statements that make it again: whatever a connection sees, also what is in its log only.
 */
export function dump(database: Database.Database): string {
  const parts = database
    .prepare<[], Part>(
      "select name, sql from sqlite_master where sql is not null and name not like 'sqlite_%' order by rowid",
    )
    .all();
  const tables = parts.filter(({ sql }) => /^create table/i.test(sql)).map(({ name }) => name);
  const made = database.prepare("select 1 from sqlite_master where name = 'sqlite_sequence'").get() !== undefined;
  const lines = [
    `pragma user_version = ${database.pragma("user_version", { simple: true })};`,
    "begin;",
    ...parts.map(({ sql }) => `${sql};`),
    ...tables.flatMap((name) => toInserts(database, name)),
    ...(made ? toInserts(database, "sqlite_sequence") : []),
    "commit;",
  ];
  return `${lines.join("\n")}\n`;
}

/** Writes what a dump says into a new file, and answers with a connection to it. */
export function load(path: string, sql: string): Database.Database {
  const database = new Database(path);
  // Statements of one table may come before what they refer to.
  database.pragma("foreign_keys = OFF");
  database.exec(sql);
  return database;
}

function toInserts(database: Database.Database, table: string): string[] {
  const rows = database.prepare<[], readonly unknown[]>(`select * from "${table}" order by 1, 2`).raw().all();
  const values = rows.map((row) => `insert into "${table}" values (${row.map(toLiteral).join(", ")});`);
  // The making of tables may have left a line of its own.
  return [`\n-- ${table}`, `delete from "${table}";`, ...values];
}

function toLiteral(value: unknown): string {
  if (value === null || typeof value === "number") return String(value);
  if (typeof value === "string") return `'${value.replaceAll("'", "''")}'`;
  throw new Error(`a dump can't hold a ${typeof value}`);
}
