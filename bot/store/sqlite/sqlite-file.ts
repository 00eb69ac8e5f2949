import { closeSync, existsSync, mkdirSync, openSync, realpathSync } from "node:fs";
import { open } from "node:fs/promises";
import { dirname } from "node:path";
import Database from "better-sqlite3";
import { Kysely, SqliteDialect } from "kysely";
import { migrate } from "../migrations/migrate.ts";
import type { Tables } from "../sql/tables.ts";

/**
 * Longest wait in milliseconds for a lock that somebody else holds on the file (a backup, a person with a shell).
 * SQLite waits inside the call, and everything in this process stands still with it.
 */
const busyTimeout = 100;

/** A database file that belongs to this process, with its tables up to date. */
export interface SqliteFile extends AsyncDisposable {
  readonly writer: Database.Database;
  /** A connection of its own: in WAL mode it sees what is committed and nothing else. */
  readonly reader: Database.Database;
  /**
   * Puts on disk what the writer has committed, without holding up the event loop; rejects when the disk does not take
   * it.
   */
  sync(): Promise<void>;
  /** Builds queries in SQLite's dialect; runs none. */
  readonly db: Kysely<Tables>;
}

/**
 * Opens the file at `path`, made with its folder where missing, readable for its owner only. Rejects when another
 * process has it.
 */
export async function openSqliteFile(path: string): Promise<SqliteFile> {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  makePrivate(path);
  // The lock goes by the file's real name: two links to one database must meet.
  const real = realpathSync(path);
  await using resources = new AsyncDisposableStack();
  resources.adopt(lockFile(real), closeDatabase);
  const writer = resources.adopt(new Database(real, { timeout: busyTimeout }), closeDatabase);
  const mode = writer.pragma("journal_mode = WAL", { simple: true });
  if (mode !== "wal") throw new Error(`${real} can't keep a write-ahead log there; put it on a disk of this machine`);
  // FULL is NORMAL and a sync of the log after each commit (sqlite.org/pragma.html#pragma_synchronous). We do that sync
  // ourselves, in Node's thread pool: the loop takes the next presses meanwhile, and they share the next one.
  writer.pragma("synchronous = NORMAL");
  writer.pragma("foreign_keys = ON");
  // A savepoint keeps the old pages it may have to put back; in memory that costs nothing, on disk a file.
  writer.pragma("temp_store = MEMORY");
  writer.pragma("cache_size = -16000");
  // A checkpoint costs every press a share, the smaller the rarer it is; this one is 40 MB of log, read again after a
  // kill.
  writer.pragma("wal_autocheckpoint = 10000");
  writer.pragma("journal_size_limit = 67108864");
  const db = new Kysely<Tables>({ dialect: new SqliteDialect({ database: writer }) });
  await prepareTables(writer, db);
  const reader = resources.adopt(new Database(real, { readonly: true, timeout: busyTimeout }), closeDatabase);
  // SQLite keeps this file as long as a connection is open, and locks other files: opening it again is harmless.
  const log = resources.use(await open(`${real}-wal`, "r+"));
  const openResources = resources.move();
  return { writer, reader, db, sync: () => log.datasync(), [Symbol.asyncDispose]: () => openResources.disposeAsync() };
}

/**
 * Runs all migrations in one transaction, so that a process killed between two leaves no half-made tables, and ends the
 * leases of an earlier process.
 */
async function prepareTables(writer: Database.Database, db: Kysely<Tables>): Promise<void> {
  writer.exec("begin immediate");
  await migrate(db);
  await db
    .updateTable("outbox")
    .set((row) => ({ leased_until: 0, ready_at: row.ref("due_at") }))
    .where("leased_until", ">", 0)
    .execute();
  writer.exec("commit");
}

/**
 * Holds an exclusive transaction on a second, empty SQLite file. The operating system ends it with the process, also at
 * SIGKILL, so that no stale lock ever keeps the bot from starting. The file's own lock would not do: it would shut out
 * our reader.
 */
function lockFile(database: string): Database.Database {
  const path = `${database}.lock`;
  makePrivate(path);
  const lock = new Database(path, { timeout: 0 });
  try {
    lock.exec("begin exclusive");
    return lock;
  } catch (cause) {
    lock.close();
    if (!(cause instanceof Database.SqliteError) || cause.code !== "SQLITE_BUSY") throw cause;
    throw new Error(
      `${database} is in use by another process of Rugdekking; stop that one first, or give this one a database of its own`,
      { cause },
    );
  }
}

/**
 * Makes the file where it is missing; SQLite gives its companions the same mode. An existing one is not even opened:
 * closing it would drop the locks this process may hold on it (POSIX).
 */
function makePrivate(path: string): void {
  if (existsSync(path)) return;
  closeSync(openSync(path, "wx", 0o600));
}

function closeDatabase(database: Database.Database): void {
  database.close();
}
