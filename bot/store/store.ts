import type { Log } from "../log.ts";
import type { Reader, Store, Transaction } from "../ports/store/store.ts";
import { readerOn, transactionOn } from "./sql/transaction.ts";
import { GroupCommit } from "./sqlite/group-commit.ts";
import { SqliteConnection } from "./sqlite/sqlite-connection.ts";
import { openSqliteFile, type SqliteFile } from "./sqlite/sqlite-file.ts";

const scheme = "sqlite:";

export interface StoreOptions {
  readonly url: string;
  readonly log: Log;
  /** Called when the disk failed in a way that only a new start can judge; nothing more is taken from then on. */
  readonly onLost?: () => void;
}

/**
 * Opens the store at `url` (`sqlite:` and the path of a file), brings its tables up to date and ends the leases of an
 * earlier process. Rejects with a sentence that says what to do when the url is of another kind or another process has
 * the file.
 */
export async function openStore({ url, log, onLost }: StoreOptions): Promise<Store> {
  return new SqlStore(await openSqliteFile(parsePath(url)), log, onLost ?? (() => {}));
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

class SqlStore implements Store {
  readonly #file: SqliteFile;
  readonly #writes: GroupCommit<Transaction>;
  readonly #reader: Reader;
  readonly #reads = new Set<Promise<unknown>>();
  #closing: Promise<void> | null = null;

  constructor(file: SqliteFile, log: Log, onLost: () => void) {
    const writer = new SqliteConnection(file.writer, file.sync);
    this.#file = file;
    this.#writes = new GroupCommit(writer, transactionOn(file.db, writer), log, onLost);
    this.#reader = readerOn(file.db, new SqliteConnection(file.reader));
  }

  write<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    return this.#writes.write(work);
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

  async probe(): Promise<void> {
    await this.write((tx) => tx.saveSetting("probe", "storage", "written"));
    const value = await this.read((reader) => reader.loadSetting("probe", "storage"));
    if (value === null) throw new Error("what was written can't be read back");
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    await Promise.all([this.#writes.close(), Promise.allSettled(this.#reads)]);
    await this.#file[Symbol.asyncDispose]();
  }
}
