import { join } from "node:path";
import Database from "better-sqlite3";
import { Kysely, SqliteDialect } from "kysely";
import type { Reader } from "../../bot/ports/store/store.ts";
import type { Tables } from "../../bot/store/sql/tables.ts";
import { readerOn } from "../../bot/store/sql/transaction.ts";
import { SqliteConnection } from "../../bot/store/sqlite/sqlite-connection.ts";

/** The database of one story, as who stands beside the bot has it. */
export interface Storage extends AsyncDisposable {
  /** As the configuration names it. */
  readonly url: string;
  /** Reads what is stored, whether the bot runs or not. */
  read<T>(work: (reader: Reader) => Promise<T>): Promise<T>;
  /** Changes what is stored by SQL that every database understands. */
  run(statement: string): Promise<void>;
  /** Everything that the bot writes fails, as on a disk that is full, until it is disposed of. */
  hold(): Disposable;
  /** Whether what the bot asks of it gets no answer now, so that what waits for that is at rest. */
  readonly isHanging: boolean;
}

/** A file in that folder. */
export class SqliteStorage implements Storage {
  readonly isHanging = false;
  readonly url: string;
  readonly #path: string;

  constructor(folder: string) {
    this.#path = join(folder, "rugdekking.db");
    this.url = `sqlite:${this.#path}`;
  }

  async read<T>(work: (reader: Reader) => Promise<T>): Promise<T> {
    using disk = this.#open({ readonly: true });
    const builder = new Kysely<Tables>({ dialect: new SqliteDialect({ database: disk.database }) });
    return await work(readerOn(builder, new SqliteConnection(disk.database)));
  }

  async run(statement: string): Promise<void> {
    using disk = this.#open();
    disk.database.exec(statement);
  }

  /** A second connection holds the file's only write lock. */
  hold(): Disposable {
    const disk = this.#open();
    disk.database.exec("begin immediate");
    return disk;
  }

  async [Symbol.asyncDispose](): Promise<void> {}

  #open(options: Database.Options = {}) {
    const database = new Database(this.#path, options);
    return { database, [Symbol.dispose]: () => void database.close() };
  }
}
