import { existsSync } from "node:fs";
import Database from "better-sqlite3";

/** How far the tables of a database are up to date: the name of the newest migration that it had. */
export type DatabaseVersion = { readonly version: string } | "none" | "unreadable";

/** Reads which version wrote that database, beside whoever has it open; changes and locks nothing. */
export function loadDatabaseVersion(path: string): DatabaseVersion {
  if (!existsSync(path)) return "none";
  try {
    const database = new Database(path, { readonly: true, fileMustExist: true });
    try {
      const version: unknown = database.prepare("select max(name) from kysely_migration").pluck().get();
      return typeof version === "string" ? { version } : "unreadable";
    } finally {
      database.close();
    }
  } catch {
    return "unreadable";
  }
}
