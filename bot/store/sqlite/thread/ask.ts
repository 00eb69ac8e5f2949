import Database from "better-sqlite3";
import { FailedBefore, type Result } from "../../sql/connection.ts";

/** What a thread is asked to do on its connection. */
export type Ask = Run | Begin | Checkpoint | { readonly kind: PlainAsk };

/**
 * Begins a transaction. `isKnowing`: who asks goes by what was read before, so that it has failed where another
 * connection has written since.
 */
export interface Begin {
  readonly kind: "begin";
  readonly isKnowing: boolean;
}

/** Runs a statement. */
export interface Run {
  readonly kind: "run";
  readonly text: string;
  readonly values: readonly unknown[];
  /** How many rows have to change or be found; left out: any number is right. */
  readonly mustBe?: number;
}

/**
 * Looks how far the write-ahead log is, and brings it into the database where so many pages wait. Within a transaction
 * it does neither.
 */
export interface Checkpoint {
  readonly kind: "checkpoint";
  readonly fromPages: number;
}

export type PlainAsk = "commit" | "rollback" | "savepoint" | "release" | "undo-savepoint" | "sync";

/** What came of an ask. */
export type Answer = { readonly result: Result<unknown> } | { readonly fault: Fault };

/** An error, as it gets from one thread to another. */
export interface Fault {
  readonly message: string;
  /** Of SQLite or of the system; null: it is ours. */
  readonly code: string | null;
  readonly isFailedBefore?: boolean;
}

/** What a thread is told: which file it gets a connection to, what it is asked there, and that this is over. */
export type ThreadMessage = OpenedFile | readonly Ask[] | "close";

export interface OpenedFile {
  /** The file's real name. */
  readonly path: string;
  readonly mode: "reads" | "writes";
  /** Longest wait for a lock that somebody else holds on the file, in milliseconds. */
  readonly lockWaitMs: number;
}

/** Makes an error ready for another thread. */
export function toFault(error: unknown): Fault {
  if (!(error instanceof Error)) return { message: String(error), code: null };
  if (error instanceof FailedBefore) return { message: error.message, code: null, isFailedBefore: true };
  const code = "code" in error && typeof error.code === "string" ? error.code : null;
  return { message: error.message, code };
}

/** Makes it an error again, of the kind that it was. */
export function toError({ message, code, isFailedBefore = false }: Fault): Error {
  if (isFailedBefore) return new FailedBefore();
  if (code === null) return new Error(message);
  return code.startsWith("SQLITE_")
    ? new Database.SqliteError(message, code)
    : Object.assign(new Error(message), { code });
}
