import type Database from "better-sqlite3";
import type { Session } from "../sql/group/group-commit.ts";
import type { Connection, Result } from "../sql/query.ts";
import { isDamage } from "./disk-fault.ts";

/** A SQLite connection on which nothing runs outside a transaction, or only reads run. */
export class SqliteConnection implements Connection, Session {
  readonly #database: Database.Database;
  readonly #sync: () => Promise<void>;
  readonly #onDamage: (error: unknown) => void;
  readonly #statements: Readonly<
    Record<"begin" | "commit" | "rollback" | "savepoint" | "release" | "undoSavepoint", Database.Statement>
  >;

  /**
   * `sync` puts on disk what was committed; a connection that only reads has nothing to put there. `onDamage` is called
   * with the error of each statement that met a damaged part of the file.
   */
  constructor(
    database: Database.Database,
    sync: () => Promise<void> = async () => {},
    onDamage: (error: unknown) => void = () => {},
  ) {
    this.#database = database;
    this.#sync = sync;
    this.#onDamage = onDamage;
    this.#statements = {
      // A deferred transaction would meet a second writer at its first write, half-way through somebody's work.
      begin: database.prepare("begin immediate"),
      commit: database.prepare("commit"),
      rollback: database.prepare("rollback"),
      savepoint: database.prepare("savepoint work"),
      release: database.prepare("release work"),
      undoSavepoint: database.prepare("rollback to work"),
    };
  }

  prepare<Row>(text: string): (values: readonly unknown[]) => Promise<Result<Row>> {
    let statement: Database.Statement<unknown[], Row> | undefined;
    return async (values) => {
      this.#requireTransaction();
      return this.#watched(() => {
        statement ??= this.#database.prepare<unknown[], Row>(text);
        if (statement.reader) return { rows: statement.all(...values), changed: 0 };
        return { rows: [], changed: statement.run(...values).changes };
      });
    };
  }

  async begin(): Promise<void> {
    // A transaction that a failed rollback left open must not stand in the way of everything after it.
    if (this.#database.inTransaction) this.#statements.rollback.run();
    this.#watched(() => this.#statements.begin.run());
  }

  async commit(): Promise<void> {
    this.#watched(() => this.#statements.commit.run());
  }

  sync(): Promise<void> {
    return this.#sync();
  }

  async rollback(): Promise<void> {
    if (this.#database.inTransaction) this.#statements.rollback.run();
  }

  async savepoint(): Promise<void> {
    this.#requireTransaction();
    this.#statements.savepoint.run();
  }

  async release(): Promise<void> {
    this.#statements.release.run();
  }

  async undoSavepoint(): Promise<void> {
    this.#statements.undoSavepoint.run();
    this.#statements.release.run();
  }

  /** Runs it, and tells of damage that it meets. */
  #watched<T>(run: () => T): T {
    try {
      return run();
    } catch (error) {
      if (isDamage(error)) this.#onDamage(error);
      throw error;
    }
  }

  /**
   * Throws when no transaction is open, except on a connection that only reads. SQLite ends a transaction by itself on
   * some errors (a full disk among them). Whatever ran after that would be committed statement by statement, and then
   * answered as lost. Work that uses a transaction after its end stops here too.
   */
  #requireTransaction(): void {
    if (this.#database.readonly || this.#database.inTransaction) return;
    throw new Error("the transaction is over");
  }
}
