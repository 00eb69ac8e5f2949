import { basename } from "node:path";
import type { Log } from "../log.ts";
import type { FirstWork, Reader, StorageFault, Store, Transaction } from "../ports/store/store.ts";
import { toFileFault } from "../words/shared/file-fault.ts";
import { loadLastCopy } from "./copy/last-copy.ts";
import { copyInOneGo } from "./copy/make-copy.ts";
import { toStamp } from "./copy/put-in-place.ts";
import { newestMigration } from "./migrations/migrate.ts";
import { GroupCommit } from "./sql/group/group-commit.ts";
import { readerOn, transactionOn } from "./sql/transaction.ts";
import { AsideStore } from "./sqlite/aside-store.ts";
import { Checkpoints } from "./sqlite/checkpoints.ts";
import { DatabaseLock } from "./sqlite/database-lock.ts";
import { isDiskFault } from "./sqlite/disk-fault.ts";
import { findGone } from "./sqlite/file-identity.ts";
import { PageWatch } from "./sqlite/page-watch.ts";
import { SqliteConnection } from "./sqlite/sqlite-connection.ts";
import { openSqliteFile, type SqliteFile } from "./sqlite/sqlite-file.ts";

const scheme = "sqlite:";

export interface StoreOptions {
  readonly url: string;
  readonly log: Log;
  /** Called when the disk failed in a way that only a new start can judge; nothing more is taken from then on. */
  readonly onLost?: (() => void) | undefined;
  /** Called when a database that could not be used at the start can be used: a new start makes all of it whole. */
  readonly onWhole?: (() => void) | undefined;
  /** Longest wait for a lock that another process holds on the file; only tests set it. */
  readonly lockWaitMs?: number | undefined;
  /** Whether a process of its own looks through all pages again and again; left out: nobody does. */
  readonly watchPages?: boolean | undefined;
}

/**
 * Opens the store at `url` (`sqlite:` and the path of a file), brings its tables up to date and ends the leases of an
 * earlier process. When the disk does not let it, resolves with a store that takes no writes and reads what it can.
 * Rejects with a sentence that says what to do when the url is of another kind, another process has the file, or there
 * is no database and none can be made.
 */
export async function openStore(options: StoreOptions): Promise<Store> {
  const { url, log, lockWaitMs, onLost = () => {}, onWhole = () => {} } = options;
  const path = parsePath(url);
  const lock = new DatabaseLock();
  const openWhole = async (onLook?: () => void) => {
    const file = await openSqliteFile({ path, lock, log, lockWaitMs, onLook, onBreaking: copyBefore(log) });
    return new SqlStore(file, lock, { ...options, onLost });
  };
  try {
    return await openWhole();
  } catch (cause) {
    if (isDiskFault(cause, path))
      return new AsideStore({ path, cause, lock, log, openWhole, onWhole, lastCopyAt: () => loadLastCopy(path) });
    lock[Symbol.dispose]();
    throw toSentence(path, cause);
  }
}

/**
 * Copies a database before it is changed in a way that the version before can't run beside. Where no copy can be made
 * it is changed all the same, because somebody may press now.
 */
function copyBefore(log: Log): (path: string) => void {
  return (path) => {
    try {
      const copy = `${path}.before-${newestMigration}-${toStamp(new Date())}`;
      copyInOneGo(path, copy);
      log.info({ copy }, "copy-made");
    } catch (err) {
      log.error({ err }, "copy-not-made");
    }
  };
}

/** What the system or SQLite refused, as a sentence; our own errors are sentences already. */
function toSentence(path: string, cause: unknown): unknown {
  if (!(cause instanceof Error && "code" in cause)) return cause;
  const fault = `database: ${path} can't be opened: ${toFileFault(cause, "en")}`;
  return new Error(`${fault}. It has to be a file in a folder that this user may write to.`, { cause });
}

/**
 * Returns the path in the url, or throws. The url stays out of the message, because that of a database server may hold
 * a password.
 */
function parsePath(url: string): string {
  if (/^postgres(ql)?:/.test(url)) {
    throw new Error(
      "database: PostgreSQL is not supported yet; use sqlite:data/rugdekking.db, or another path to a file",
    );
  }
  const path = url.startsWith(scheme) ? url.slice(scheme.length) : "";
  if (path === "" || path === ":memory:") {
    throw new Error("database: expected a file that survives a restart, such as sqlite:data/rugdekking.db");
  }
  return path;
}

type SqlStoreOptions = Pick<StoreOptions, "log" | "watchPages"> & { readonly onLost: () => void };

class SqlStore implements Store {
  readonly #file: SqliteFile;
  readonly #lock: DatabaseLock;
  readonly #writes: GroupCommit<Transaction>;
  readonly #reader: Reader;
  readonly #checkpoints: Checkpoints;
  readonly #pageWatch: PageWatch | null;
  readonly #reads = new Set<Promise<unknown>>();
  #fault: StorageFault | null = null;
  /** The write by which `inspect` asks whether the disk takes it again; one at a time, for a disk may hang. */
  #trying: Promise<void> | null = null;
  #closing: Promise<void> | null = null;

  constructor(file: SqliteFile, lock: DatabaseLock, { log, onLost, watchPages }: SqlStoreOptions) {
    const onDamage = (error: unknown) => this.#writes.lose("storage-damaged", error);
    const writer = new SqliteConnection(file.writer, file.sync, onDamage);
    this.#file = file;
    this.#lock = lock;
    this.#checkpoints = new Checkpoints(log, file.askLog, file.checkpoint);
    const noteLost = () => {
      this.#fault ??= "storage-lost";
      onLost();
    };
    const tx = transactionOn(file.db, writer);
    this.#writes = new GroupCommit(writer, tx, log, noteLost, () => this.#checkpoints.runWhenDue());
    this.#reader = readerOn(file.db, new SqliteConnection(file.reader, undefined, onDamage));
    this.#pageWatch = watchPages === true ? new PageWatch({ path: file.path, log, onDamage }) : null;
  }

  write<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    return this.#writes.write(work);
  }

  writeFirst(list: () => readonly FirstWork[]): void {
    this.#writes.writeFirst(list);
  }

  async read<T>(work: (reader: Reader) => Promise<T>): Promise<T> {
    if (this.#closing !== null) throw new Error("the store is closed");
    const reading = work(this.#reader);
    this.#reads.add(reading);
    try {
      return await reading;
    } finally {
      this.#reads.delete(reading);
    }
  }

  lastCopyAt(): Promise<number | null> {
    return loadLastCopy(this.#file.path);
  }

  async probe(): Promise<void> {
    if (this.#checkpoints.isTooFarBehind) throw new Error("the write-ahead log is too long");
    await this.#tryToWrite();
    const value = await this.read((reader) => reader.loadSetting("probe", "storage"));
    if (value === null) throw new Error("what was written can't be read back");
  }

  async inspect(): Promise<readonly StorageFault[]> {
    if (this.#closing !== null) return [];
    const { data, guards } = this.#file;
    const goneData = findGone(data);
    const gone = [...goneData, ...findGone(guards)];
    if (gone.length > 0) {
      this.#fault = goneData.length > 0 ? "storage-gone" : "storage-lost";
      this.#writes.lose("storage-gone", new Error(`removed or replaced: ${gone.map((path) => basename(path))}`));
    }
    if (this.#fault !== null) return [this.#fault];
    this.#checkpoints.tryAgain();
    if (this.#writes.look()) return ["storage-refuses"];
    // Where nothing comes in, nobody else would find that the disk takes it again.
    if (this.#writes.isFailing) await this.#tryAgain();
    const faults: StorageFault[] = [];
    if (this.#writes.isFailing) faults.push("storage-refuses");
    if (this.#checkpoints.isBehind) faults.push("storage-behind");
    return faults;
  }

  #tryAgain(): Promise<void> {
    this.#trying ??= this.#tryToWrite()
      .catch(() => {})
      .finally(() => {
        this.#trying = null;
      });
    return this.#trying;
  }

  #tryToWrite(): Promise<void> {
    return this.write((tx) => tx.saveSetting("probe", "storage", "written"));
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    await Promise.all([this.#writes.close(), Promise.allSettled(this.#reads)]);
    // SQLite tidies up with its last connection, so that ours has to be the last one.
    await this.#pageWatch?.[Symbol.asyncDispose]();
    await this.#file[Symbol.asyncDispose]();
    this.#lock[Symbol.dispose]();
  }
}
