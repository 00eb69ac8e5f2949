import { closeSync, fdatasyncSync, openSync } from "node:fs";
import Database from "better-sqlite3";
import { FailedBefore, type Result, requireCount } from "../../sql/connection.ts";
import {
  type Answer,
  type Ask,
  type Begin,
  type Checkpoint,
  type OpenedFile,
  type PlainAsk,
  type Run,
  toFault,
} from "./ask.ts";
import { prepareToWrite } from "./pragmas.ts";

/** These are done although something failed, and after them nothing has. */
const undoing: ReadonlySet<Ask["kind"]> = new Set(["rollback", "undo-savepoint"]);

/**
 * A SQLite connection that does what it is asked. As in PostgreSQL, nothing more is done in a transaction in which
 * something failed, nor in the next ones, until that is undone: so whoever asks need not wait for one answer before
 * asking the next thing.
 */
export class AskedConnection implements Disposable {
  readonly #database: Database.Database;
  readonly #statements = new Map<string, Database.Statement<unknown[], unknown>>();
  readonly #plain: Readonly<Record<PlainAsk, () => Result<unknown>>>;
  readonly #begin: Database.Statement;
  readonly #version: Database.Statement<[], number>;
  #versionBefore: number | undefined;
  readonly #asking: Database.Statement<[], LogRow>;
  readonly #bringing: Database.Statement<[], LogRow>;
  readonly #resources: DisposableStack;
  #isFailed = false;

  /** Opens the file, which keeps a write-ahead log already. Throws what SQLite or the system says. */
  static open({ path, mode, lockWaitMs }: OpenedFile): AskedConnection {
    using resources = new DisposableStack();
    const readonly = mode === "reads";
    const database = resources.adopt(
      new Database(path, { readonly, timeout: lockWaitMs }),
      (each) => void each.close(),
    );
    if (readonly) return new AskedConnection(database, () => {}, resources.move());
    prepareToWrite(database);
    // SQLite keeps this file as long as a connection is open, and locks other files: opening it again is harmless.
    const log = resources.adopt(openSync(`${path}-wal`, "r+"), closeSync);
    return new AskedConnection(database, () => fdatasyncSync(log), resources.move());
  }

  /** `sync` puts on disk what was committed. */
  constructor(database: Database.Database, sync: () => void, resources = new DisposableStack()) {
    this.#database = database;
    this.#resources = resources;
    const executed = (...texts: readonly string[]) => {
      const statements = texts.map((text) => database.prepare(text));
      return () => {
        for (const statement of statements) statement.run();
        return nothing;
      };
    };
    // A deferred transaction would meet a second writer at its first write, half-way through somebody's work.
    this.#begin = database.prepare("begin immediate");
    // Another one than before once another connection has written (sqlite.org/pragma.html#pragma_data_version).
    this.#version = database.prepare<[], number>("pragma data_version").pluck();
    const rollback = executed("rollback");
    this.#plain = {
      commit: executed("commit"),
      rollback: () => (database.inTransaction ? rollback() : nothing),
      savepoint: executed("savepoint work"),
      release: executed("release work"),
      "undo-savepoint": executed("rollback to work", "release work"),
      sync: () => {
        sync();
        return nothing;
      },
    };
    // Of SQLite 3.51: looks and writes nothing (sqlite.org/pragma.html#pragma_wal_checkpoint).
    this.#asking = database.prepare<[], LogRow>("pragma wal_checkpoint(NOOP)");
    this.#bringing = database.prepare<[], LogRow>("pragma wal_checkpoint(PASSIVE)");
  }

  [Symbol.dispose](): void {
    this.#resources[Symbol.dispose]();
  }

  /** Does all of it, in order. */
  answer(asks: readonly Ask[]): readonly Answer[] {
    return asks.map((ask) => this.#answer(ask));
  }

  #answer(ask: Ask): Answer {
    if (ask.kind === "checkpoint") return this.#checkpoint(ask);
    try {
      if (undoing.has(ask.kind)) this.#isFailed = false;
      if (this.#isFailed) throw new FailedBefore();
      return { result: this.#do(ask) };
    } catch (error) {
      // What could not be undone is so as the next one begins.
      this.#isFailed = !this.#database.readonly && ask.kind !== "rollback";
      return { fault: toFault(error) };
    }
  }

  #do(ask: Exclude<Ask, Checkpoint>): Result<unknown> {
    if (ask.kind === "run") return this.#run(ask);
    if (ask.kind === "begin") return this.#beginOn(ask);
    return this.#plain[ask.kind]();
  }

  #beginOn({ isKnowing }: Begin): Result<unknown> {
    // A transaction that a failed rollback left open must not stand in the way of everything after it.
    if (this.#database.inTransaction) this.#plain.rollback();
    this.#begin.run();
    const [before, now] = [this.#versionBefore, this.#version.get()];
    this.#versionBefore = now;
    this.#isFailed = isKnowing && now !== before;
    return nothing;
  }

  #checkpoint({ fromPages }: Checkpoint): Answer {
    let row: LogRow | undefined;
    try {
      // There SQLite says that it is locked.
      if (this.#database.inTransaction) return { result: nothing };
      row = this.#asking.get();
      if (row !== undefined && row.log - row.checkpointed >= fromPages) row = this.#bringing.get();
      return { result: { rows: [{ ...row, fault: null }], changed: 0 } };
    } catch (error) {
      return { result: { rows: [{ ...row, fault: toFault(error) }], changed: 0 } };
    }
  }

  #run({ text, values, mustBe }: Run): Result<unknown> {
    const { inTransaction, readonly } = this.#database;
    // SQLite ends a transaction by itself on some errors (a full disk among them). Whatever ran after that would be
    // committed statement by statement, and then answered as lost.
    if (!inTransaction && !readonly) throw new Error("the transaction is over");
    const statement = this.#statements.get(text) ?? this.#database.prepare<unknown[], unknown>(text);
    this.#statements.set(text, statement);
    const rows = statement.reader ? statement.all(...values) : [];
    const result = { rows, changed: statement.reader ? rows.length : statement.run(...values).changes };
    requireCount(mustBe, result);
    return result;
  }
}

/** How many pages the write-ahead log has, and how many of them are in the database too. */
export interface LogRow {
  readonly log: number;
  readonly checkpointed: number;
}

const nothing: Result<never> = { rows: [], changed: 0 };
