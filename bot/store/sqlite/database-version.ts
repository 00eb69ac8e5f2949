import { existsSync } from "node:fs";
import Database from "better-sqlite3";
import type { DatabaseState } from "../migrations/migrate.ts";

/** Reads how far that database is up to date, beside whoever has it open; changes and locks nothing. */
export function loadDatabaseVersion(path: string): DatabaseState | "none" | "unreadable" {
  if (!existsSync(path)) return "none";
  try {
    using stack = new DisposableStack();
    const database = new Database(path, { readonly: true, fileMustExist: true });
    const state = readState(stack.adopt(database, (each) => each.close()));
    return state.done.length === 0 ? "unreadable" : state;
  } catch {
    return "unreadable";
  }
}

/** Reads how far an open database is up to date. */
export function readState(database: Database.Database): DatabaseState {
  const isNew = database.prepare("select 1 from sqlite_schema where name = 'kysely_migration'").get() === undefined;
  const names = isNew
    ? []
    : database.prepare<[], string>("select name from kysely_migration order by name").pluck().all();
  return { done: names, needs: Number(database.pragma("user_version", { simple: true })) };
}
