import type Database from "better-sqlite3";
import type { Connection, Result, Statement } from "../sql/connection.ts";

/** A SQLite connection of this thread that only reads. */
export class SqliteConnection implements Connection {
  readonly #database: Database.Database;

  constructor(database: Database.Database) {
    this.#database = database;
  }

  prepare<Row>(text: string): Statement<Row> {
    let statement: Database.Statement<unknown[], Row> | undefined;
    return async (values): Promise<Result<Row>> => {
      statement ??= this.#database.prepare<unknown[], Row>(text);
      return { rows: statement.all(...values), changed: 0 };
    };
  }
}
