import { existsSync, mkdirSync } from "node:fs";
import { dirname } from "node:path";
import Database from "better-sqlite3";
import { DummyDriver, Kysely, SqliteAdapter, SqliteDialect, SqliteIntrospector, SqliteQueryCompiler } from "kysely";
import type { InFlight } from "../../kit/in-flight.ts";
import type { Log } from "../../log.ts";
import { type DatabaseState, isBreaking, migrate, requireKnown } from "../migrations/migrate.ts";
import type { Tables } from "../sql/tables.ts";
import { type DatabaseLock, makePrivate } from "./database-lock.ts";
import { requireBase, requireFile, toRealPath } from "./database-path.ts";
import { readState } from "./database-version.ts";
import { type FileIdentities, identify } from "./file-identity.ts";
import { type FirstLookOptions, lookFirst } from "./first-look.ts";
import { prepareToWrite } from "./thread/pragmas.ts";
import { SqliteThread } from "./thread/sqlite-thread.ts";

const lockWaitMs = 100;

export interface SqliteFileOptions {
  readonly path: string;
  readonly lock: DatabaseLock;
  readonly log: Log;
  /** Counts what its threads were asked and have not answered. */
  readonly inFlight: InFlight;
  /**
   * Longest wait for a lock that somebody else holds on the file (a backup, a person with a shell); left out: 100 ms.
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
  readonly writer: SqliteThread;
  /** In WAL mode it sees what is committed and nothing else, and goes on where the writer hangs. */
  readonly reader: SqliteThread;
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
  const { path, lock, log, inFlight, lockWaitMs: timeout = lockWaitMs, lookUpTo, onLook, onBreaking } = options;
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  requireFile(path);
  const real = toRealPath(path);
  const hadLock = existsSync(`${real}.lock`);
  lock.take(real);
  requireBase(real);
  const isNew = makePrivate(real);
  await using resources = new AsyncDisposableStack();
  // What is done at the start is done here: nobody presses before.
  using first = openHere(real, timeout);
  const { writer } = first;
  const mode = writer.pragma("journal_mode = WAL", { simple: true });
  if (mode !== "wal") throw new Error(`${real} can't keep a write-ahead log there; put it on a disk of this machine`);
  // Whether it lets us write at all costs nothing to ask.
  writer.exec("begin immediate; rollback");
  lookFirst(writer, { path: real, upTo: lookUpTo, onLook });
  prepareToWrite(writer);
  const db = new Kysely<Tables>({ dialect: new SqliteDialect({ database: writer }) });
  const state = readState(writer);
  requireKnown(state);
  if (isBreaking(state)) onBreaking?.(real);
  await prepareTables(writer, db, state);
  const openThread = (mode: "writes" | "reads") =>
    SqliteThread.open({ path: real, mode, lockWaitMs: timeout }, inFlight);
  const threads = [openThread("writes"), openThread("reads")] as const;
  // The one that writes is the last to go, because SQLite tidies up with its last connection.
  for (const each of await Promise.allSettled(threads)) if (each.status === "fulfilled") resources.use(each.value);
  const [thread, reader] = await Promise.all(threads);
  const data = identify([real, `${real}-wal`]);
  const guards = identify([`${real}-shm`, `${real}.lock`]);
  const openResources = resources.move();
  // A folder that is not mounted looks like a first start. Its lock is left behind by a database of before.
  if (isNew) log.warn({ path: real, hadLock }, "database-made");
  return {
    ...{ path: real, writer: thread, reader, db: toBuilder(), data, guards },
    [Symbol.asyncDispose]: () => openResources.disposeAsync(),
  };
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

function openHere(path: string, timeout: number) {
  const writer = new Database(path, { timeout });
  return { writer, [Symbol.dispose]: () => void writer.close() };
}

/** Builds queries, and runs none. */
function toBuilder(): Kysely<Tables> {
  return new Kysely<Tables>({
    dialect: {
      createAdapter: () => new SqliteAdapter(),
      createDriver: () => new DummyDriver(),
      createIntrospector: (db) => new SqliteIntrospector(db),
      createQueryCompiler: () => new SqliteQueryCompiler(),
    },
  });
}
