import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import Database from "better-sqlite3";
import { Kysely, SqliteDialect } from "kysely";
import { Migrator } from "kysely/migration";
import { up as start } from "../../bot/store/migrations/0001-0010/0001-start.ts";
import { up as everyButton } from "../../bot/store/migrations/0001-0010/0002-every-button.ts";
import { up as externalSecurity } from "../../bot/store/migrations/0001-0010/0003-external-security.ts";

const all = {
  "0001-start": { up: start },
  "0002-every-button": { up: everyButton },
  "0003-external-security": { up: externalSecurity },
};

/** A new database at `path` as the version with that many migrations left it, for a test to fill and destroy. */
export async function openOldDatabase(
  path: string,
  count: number,
): Promise<Kysely<Record<string, Record<string, unknown>>>> {
  mkdirSync(dirname(path), { recursive: true });
  const db = new Kysely<Record<string, Record<string, unknown>>>({
    dialect: new SqliteDialect({ database: new Database(path) }),
  });
  const migrations = Object.fromEntries(Object.entries(all).slice(0, count));
  const migrator = new Migrator({ db, provider: { getMigrations: async () => migrations } });
  const { error } = await migrator.migrateToLatest();
  if (error !== undefined) throw error;
  return db;
}

/** Single values as they lay in one list of names before migration 0004. */
export async function writeOldSettings(path: string, settings: Readonly<Record<string, string>>): Promise<void> {
  const db = await openOldDatabase(path, 3);
  for (const [name, value] of Object.entries(settings)) {
    await db.insertInto("settings").values({ name, value }).execute();
  }
  await db.destroy();
}
