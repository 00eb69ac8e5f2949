import { accessSync, closeSync, constants, existsSync, openSync } from "node:fs";
import Database from "better-sqlite3";

/** Another process of ours has this database. */
export class DatabaseInUse extends Error {
  override readonly name = "DatabaseInUse";
}

/**
 * Holds an exclusive transaction on a second, empty SQLite file. The operating system ends it with the process, also at
 * SIGKILL, so that no stale lock ever keeps the bot from starting. The file's own lock would not do: it would shut out
 * our reader.
 */
export class DatabaseLock implements Disposable {
  #held: { readonly path: string; readonly file: Database.Database } | null = null;

  /** The file by which it is held; null while it is not. */
  get path(): string | null {
    return this.#held?.path ?? null;
  }

  /**
   * Takes the lock of that database, by its real name: two links to one database must meet. Throws DatabaseInUse when
   * another process has it; does nothing when this one has it already.
   */
  take(database: string): void {
    const path = `${database}.lock`;
    if (this.#held?.path === path) return;
    this[Symbol.dispose]();
    makePrivate(path);
    // On a file that can only be read SQLite would begin a transaction that reads, and locks nobody out.
    accessSync(path, constants.W_OK);
    const file = new Database(path, { timeout: 0 });
    try {
      file.exec("begin exclusive");
      this.#held = { path, file };
    } catch (cause) {
      file.close();
      if (!(cause instanceof Database.SqliteError) || cause.code !== "SQLITE_BUSY") throw cause;
      throw new DatabaseInUse(
        `${database} is in use by another process of Rugdekking; stop that one first, or give this one a database of its own`,
      );
    }
  }

  [Symbol.dispose](): void {
    this.#held?.file.close();
    this.#held = null;
  }
}

/**
 * Makes the file where it is missing, and returns whether it was; SQLite gives its companions the same mode. An
 * existing one is not even opened: closing it would drop the locks this process may hold on it (POSIX).
 */
export function makePrivate(path: string): boolean {
  if (existsSync(path)) return false;
  closeSync(openSync(path, "wx", 0o600));
  return true;
}
