import Database from "better-sqlite3";
import { onTestFinished } from "vitest";
import { InFlight } from "../../../../bot/kit/in-flight.ts";
import type { Store, Transaction } from "../../../../bot/ports/store/store.ts";
import { PostgresSession } from "../../../../bot/store/postgres/postgres-session.ts";
import { builderOn } from "../../../../bot/store/postgres/prepare-tables.ts";
import { ReadPool } from "../../../../bot/store/postgres/read-pool.ts";
import { sequencesOn as postgresSequences } from "../../../../bot/store/postgres/sequences.ts";
import type { Connection } from "../../../../bot/store/sql/connection.ts";
import { GroupCommit } from "../../../../bot/store/sql/group/group-commit.ts";
import type { Session } from "../../../../bot/store/sql/group/transactions.ts";
import { UnitOfWork } from "../../../../bot/store/sql/group/unit-of-work.ts";
import type { Tables } from "../../../../bot/store/sql/tables.ts";
import { readerOn } from "../../../../bot/store/sql/transaction.ts";
import { DatabaseLock } from "../../../../bot/store/sqlite/database-lock.ts";
import { sequencesOn as sqliteSequences } from "../../../../bot/store/sqlite/sequences.ts";
import { openSqliteFile } from "../../../../bot/store/sqlite/sqlite-file.ts";
import { SqliteSession } from "../../../../bot/store/sqlite/thread/sqlite-session.ts";
import { connectTo, newPostgres } from "../../../storage/postgres/new-postgres.ts";
import { newDatabase } from "../../new-database.ts";

const log = { info: () => {}, warn: () => {}, error: () => {} };

/** A store of which every statement is noted; ends with the test. */
export interface Noted {
  readonly store: Store;
  /** Runs a statement beside it. */
  run(text: string): Promise<void>;
  /** Reads beside it. */
  list(text: string): Promise<readonly Readonly<Record<string, unknown>>[]>;
  /** The statements that ran since it was asked last. */
  takeStatements(): readonly string[];
  /** How the database would run a statement, a step a line. */
  explain(text: string): Promise<readonly string[]>;
}

/** In a real file. */
export async function openNoted(): Promise<Noted> {
  const lock = new DatabaseLock();
  const path = newDatabase();
  const file = await openSqliteFile({ path, lock, log, inFlight: new InFlight() });
  const beside = new Database(path);
  const statements: string[] = [];
  const writes = toNoted(new SqliteSession(file.writer), statements);
  const unit = new UnitOfWork(file.db, writes, sqliteSequences(writes));
  const groups = new GroupCommit<Transaction>(writes, unit, log, () => {});
  const reader = readerOn(file.db, new SqliteSession(file.reader));
  onTestFinished(async () => {
    await groups.close();
    beside.close();
    await file[Symbol.asyncDispose]();
    lock[Symbol.dispose]();
  });
  return {
    store: toStore(groups, (work) => work(reader)),
    run: async (text) => void beside.exec(text),
    list: async (text) => beside.prepare<[], Record<string, unknown>>(text).all(),
    takeStatements: () => statements.splice(0),
    async explain(text) {
      const values = Array.from(text.matchAll(/\?/g), () => null);
      const steps = beside.prepare<unknown[], { detail: string }>(`explain query plan ${text}`).all(...values);
      return steps.map(({ detail }) => detail);
    },
  };
}

/** On a real server. */
export async function openNotedServer(): Promise<Noted> {
  const url = await newPostgres("18");
  const open = async () => connectTo(url);
  const [db, statements] = [builderOn<Tables>(null), [] as string[]];
  const session = new PostgresSession({ open, begin: ["begin"] });
  const writes = toNoted(session, statements);
  const unit = new UnitOfWork(db, writes, postgresSequences(writes));
  const groups = new GroupCommit<Transaction>(writes, unit, log, () => {});
  const reads = new ReadPool(db, { open, begin: ["begin read only"] });
  const beside = await open();
  onTestFinished(async () => {
    await groups.close();
    await Promise.all([session[Symbol.asyncDispose](), reads[Symbol.asyncDispose](), beside.close()]);
  });
  return {
    store: toStore(groups, (work) => reads.read(work)),
    run: async (text) => void (await beside.script(text)),
    list: async (text) => (await beside.query<Record<string, unknown>>(text, [])).rows,
    takeStatements: () => statements.splice(0),
    async explain(text) {
      // As it would in a table of years; in these it looks at each row.
      await beside.script("set enable_seqscan = off");
      const [plan] = await beside.script(`explain (generic_plan) ${text}`);
      return (plan?.rows ?? []).map((row) => (row as { "QUERY PLAN": string })["QUERY PLAN"]);
    },
  };
}

function toStore(groups: GroupCommit<Transaction>, read: Store["read"]): Store {
  return {
    write: (work, foreseen) => groups.write(work, foreseen),
    writeFirst: (list) => groups.writeFirst(list),
    read,
    probe: async () => {},
    inspect: async () => [],
    readClock: async () => null,
    lastCopyAt: async () => null,
    [Symbol.asyncDispose]: async () => {},
  };
}

/** The texts of statements, and the names of what a session does. */
function toNoted(connection: Connection & Session, statements: string[]): Connection & Session {
  const noted = (name: Exclude<keyof Session, "sync" | "begin" | "isRefusal">) => () => {
    statements.push(name);
    return connection[name]();
  };
  return {
    prepare<Row>(text: string) {
      const run = connection.prepare<Row>(text);
      return (values: readonly unknown[], mustBe?: number) => {
        statements.push(text);
        return run(values, mustBe);
      };
    },
    begin(isKnowing) {
      statements.push("begin");
      return connection.begin(isKnowing);
    },
    commit: noted("commit"),
    rollback: noted("rollback"),
    savepoint: noted("savepoint"),
    release: noted("release"),
    undoSavepoint: noted("undoSavepoint"),
    sync: () => connection.sync(),
    isRefusal: (error) => connection.isRefusal(error),
  };
}
