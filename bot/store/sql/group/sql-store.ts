import type { Log } from "../../../log.ts";
import type { FirstWork, Foreseen, Reader, StorageFault, Store, Transaction } from "../../../ports/store/store.ts";
import { GroupCommit } from "./group-commit.ts";
import type { Lose, SqlDatabase } from "./sql-database.ts";
import { UnitOfWork } from "./unit-of-work.ts";

export interface SqlStoreOptions {
  readonly log: Log;
  /** Called when nothing more is taken, and only a new start can judge what is stored. */
  readonly onLost: () => void;
}

/** The store of one process, in a database of any dialect. */
export class SqlStore implements Store {
  readonly #database: SqlDatabase;
  readonly #writes: GroupCommit<Transaction>;
  readonly #reads = new Set<Promise<unknown>>();
  #fault: StorageFault | null = null;
  /** The write by which `inspect` asks whether it is taken; one at a time, for a disk may hang. */
  #trying: Promise<void> | null = null;
  /** What looks after the database, for the same reason. */
  #looking: Promise<void> | null = null;
  #closing: Promise<void> | null = null;

  /** `toDatabase` makes the database, which calls what it is given once it can't be trusted any more. */
  constructor(toDatabase: (lose: Lose) => SqlDatabase, { log, onLost }: SqlStoreOptions) {
    this.#database = toDatabase((loss, cause, fault) => {
      if (fault !== undefined) this.#fault = fault;
      this.#writes.lose(loss, cause);
    });
    const { db, writer, sequences } = this.#database;
    const noteLost = () => {
      this.#fault ??= "storage-lost";
      onLost();
    };
    const onGroup = () => this.#database.noteGroup();
    this.#writes = new GroupCommit(writer, new UnitOfWork(db, writer, sequences), log, noteLost, onGroup);
  }

  write<T>(work: (tx: Transaction) => Promise<T>, foreseen?: Foreseen): Promise<T> {
    return this.#writes.write(work, foreseen);
  }

  writeFirst(list: () => readonly FirstWork[]): void {
    this.#writes.writeFirst(list);
  }

  read<T>(work: (reader: Reader) => Promise<T>): Promise<T> {
    return this.#readNow(() => this.#database.read(work));
  }

  readClock(): Promise<number | null> {
    return this.#readNow(() => this.#database.readClock());
  }

  async #readNow<T>(read: () => Promise<T>): Promise<T> {
    if (this.#closing !== null) throw new Error("the store is closed");
    const reading = read();
    this.#reads.add(reading);
    try {
      return await reading;
    } finally {
      this.#reads.delete(reading);
    }
  }

  lastCopyAt(): Promise<number | null> {
    return this.#database.lastCopyAt();
  }

  async probe(): Promise<void> {
    const { hindrance } = this.#database;
    if (hindrance !== null) throw new Error(hindrance);
    await this.#tryToWrite();
    const value = await this.read((reader) => reader.loadSetting("probe", "storage"));
    if (value === null) throw new Error("what was written can't be read back");
  }

  async inspect(): Promise<readonly StorageFault[]> {
    if (this.#closing !== null) return [];
    // Where a write hangs, or the look before, so does whatever else is asked of that disk.
    const isHanging = this.#writes.look() || this.#looking !== null;
    if (this.#fault === null && isHanging) return ["storage-refuses"];
    await this.#look();
    if (this.#fault !== null) return [this.#fault];
    // Where nothing comes in, nobody else would find that it is taken again.
    if (this.#writes.isFailing || this.#database.isFar) await this.#tryAgain();
    if (this.#fault !== null) return [this.#fault];
    return [...(this.#writes.isFailing ? (["storage-refuses"] as const) : []), ...this.#database.faults];
  }

  #look(): Promise<void> {
    this.#looking ??= this.#database
      .look()
      .then(() => (this.#fault === null ? this.#database.tend() : undefined))
      .finally(() => {
        this.#looking = null;
      });
    return this.#looking;
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
    await Promise.all([this.#writes.close(), Promise.allSettled(this.#reads), this.#looking]);
    await this.#database[Symbol.asyncDispose]();
  }
}
