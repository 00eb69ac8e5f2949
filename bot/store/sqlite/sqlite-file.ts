import { existsSync, mkdirSync } from "node:fs";
import { open } from "node:fs/promises";
import { dirname } from "node:path";
import Database from "better-sqlite3";
import { Kysely, SqliteDialect } from "kysely";
import type { Log } from "../../log.ts";
import { type DatabaseState, isBreaking, migrate, requireKnown } from "../migrations/migrate.ts";
import type { Tables } from "../sql/tables.ts";
import type { LogState } from "./checkpoints.ts";
import { type DatabaseLock, makePrivate } from "./database-lock.ts";
import { requireBase, requireFile, toRealPath } from "./database-path.ts";
import { readState } from "./database-version.ts";
import { type FileIdentities, identify } from "./file-identity.ts";
import { type FirstLookOptions, lookFirst } from "./first-look.ts";

const lockWaitMs = 100;

export interface SqliteFileOptions {
  readonly path: string;
  readonly lock: DatabaseLock;
  readonly log: Log;
  /**
   * Longest wait for a lock that somebody else holds on the file (a backup, a person with a shell); left out: 100 ms.
   * SQLite waits inside the call, and everything in this process stands still with it.
   */
  readonly lockWaitMs?: number | undefined;
  /** Up to which size, in bytes, all of the file is looked through; only tests set it. */
  readonly lookUpTo?: FirstLookOptions["upTo"];
  /** Called before it looks through all of the file. */
  readonly onLook?: FirstLookOptions["onLook"];
  /** Called with the file's real name before it is changed in a way that the version before can't run beside. */
  readonly onBreaking?: ((path: string) => void) | undefined;
}

/** A database file that belongs to this process, with its tables up to date. */
export interface SqliteFile extends AsyncDisposable {
  /** Its real name. */
  readonly path: string;
  readonly writer: Database.Database;
  /** A connection of its own: in WAL mode it sees what is committed and nothing else. */
  readonly reader: Database.Database;
  /**
   * Puts on disk what the writer has committed, without holding up the event loop; rejects when the disk does not take
   * it.
   */
  sync(): Promise<void>;
  /** Looks how far the write-ahead log is. */
  askLog(): LogState;
  /** Brings the log into the database; throws when the disk does not take it. Holds up the event loop. */
  checkpoint(): LogState;
  /** Those that hold what was recorded: without them it is gone. */
  readonly data: FileIdentities;
  /** Those that keep others from it. */
  readonly guards: FileIdentities;
  /** Builds queries in SQLite's dialect; runs none. */
  readonly db: Kysely<Tables>;
}

/**
 * Opens the file at `path`, made with its folder where missing, readable for its owner only, and looks whether it can
 * be trusted. Takes the lock, and leaves it held. Rejects with DatabaseInUse when another process has it, with
 * MissingDatabase when only its log or a link is left of it, and with NewerDatabase.
 */
export async function openSqliteFile(options: SqliteFileOptions): Promise<SqliteFile> {
  const { path, lock, log, lockWaitMs: timeout = lockWaitMs, lookUpTo, onLook, onBreaking } = options;
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  requireFile(path);
  const real = toRealPath(path);
  const hadLock = existsSync(`${real}.lock`);
  lock.take(real);
  requireBase(real);
  const isNew = makePrivate(real);
  await using resources = new AsyncDisposableStack();
  const writer = resources.adopt(new Database(real, { timeout }), closeDatabase);
  const mode = writer.pragma("journal_mode = WAL", { simple: true });
  if (mode !== "wal") throw new Error(`${real} can't keep a write-ahead log there; put it on a disk of this machine`);
  // Whether it lets us write at all costs nothing to ask.
  writer.exec("begin immediate; rollback");
  lookFirst(writer, { path: real, upTo: lookUpTo, onLook });
  // FULL is NORMAL and a sync of the log after each commit (sqlite.org/pragma.html#pragma_synchronous). We do that sync
  // ourselves, in Node's thread pool: the loop takes the next presses meanwhile, and they share the next one.
  writer.pragma("synchronous = NORMAL");
  writer.pragma("foreign_keys = ON");
  // A savepoint keeps the old pages it may have to put back; in memory that costs nothing, on disk a file.
  writer.pragma("temp_store = MEMORY");
  writer.pragma("cache_size = -16000");
  writer.pragma("wal_autocheckpoint = 0");
  writer.pragma("journal_size_limit = 67108864");
  const db = new Kysely<Tables>({ dialect: new SqliteDialect({ database: writer }) });
  const state = readState(writer);
  requireKnown(state);
  if (isBreaking(state)) onBreaking?.(real);
  await prepareTables(writer, db, state);
  const reader = resources.adopt(new Database(real, { readonly: true, timeout }), closeDatabase);
  // SQLite keeps this file as long as a connection is open, and locks other files: opening it again is harmless.
  const wal = resources.use(await open(`${real}-wal`, "r+"));
  // Of SQLite 3.51: looks and writes nothing (sqlite.org/pragma.html#pragma_wal_checkpoint).
  const asking = writer.prepare<[], LogRow>("pragma wal_checkpoint(NOOP)");
  const bringing = writer.prepare<[], LogRow>("pragma wal_checkpoint(PASSIVE)");
  const data = identify([real, `${real}-wal`]);
  const guards = identify([`${real}-shm`, `${real}.lock`]);
  const openResources = resources.move();
  // A folder that is not mounted looks like a first start. Its lock is left behind by a database of before.
  if (isNew) log.warn({ path: real, hadLock }, "database-made");
  return {
    ...{ path: real, writer, reader, db, data, guards },
    sync: () => wal.datasync(),
    askLog: () => toLogState(asking.get()),
    checkpoint: () => toLogState(bringing.get()),
    [Symbol.asyncDispose]: () => openResources.disposeAsync(),
  };
}

interface LogRow {
  readonly log: number;
  readonly checkpointed: number;
}

function toLogState(row: LogRow | undefined): LogState {
  return { pages: row?.log ?? 0, inDatabase: row?.checkpointed ?? 0 };
}

/**
 * Runs all migrations in one transaction, so that a process killed between two leaves no half-made tables, and ends the
 * leases of an earlier process.
 */
async function prepareTables(writer: Database.Database, db: Kysely<Tables>, state: DatabaseState): Promise<void> {
  writer.exec("begin immediate");
  writer.pragma(`user_version = ${await migrate(db, state)}`);
  await db
    .updateTable("outbox")
    .set((row) => ({ leased_until: 0, ready_at: row.ref("due_at") }))
    .where("leased_until", ">", 0)
    .execute();
  writer.exec("commit");
}

function closeDatabase(database: Database.Database): void {
  database.close();
}
