import { onTestFinished } from "vitest";
import type { Store, Transaction } from "../../../../bot/ports/store/store.ts";
import { GroupCommit, type Session } from "../../../../bot/store/sql/group/group-commit.ts";
import { UnitOfWork } from "../../../../bot/store/sql/group/unit-of-work.ts";
import type { Connection } from "../../../../bot/store/sql/query.ts";
import { readerOn } from "../../../../bot/store/sql/transaction.ts";
import { DatabaseLock } from "../../../../bot/store/sqlite/database-lock.ts";
import { sequencesOn } from "../../../../bot/store/sqlite/sequences.ts";
import { SqliteConnection } from "../../../../bot/store/sqlite/sqlite-connection.ts";
import { openSqliteFile } from "../../../../bot/store/sqlite/sqlite-file.ts";
import { newDatabase } from "../../new-database.ts";

const log = { info: () => {}, warn: () => {}, error: () => {} };

/** A real database, of which every statement is noted; ends with the test. */
export async function openNoted() {
  const lock = new DatabaseLock();
  const file = await openSqliteFile({ path: newDatabase(), lock, log });
  const statements: string[] = [];
  const writes = toNoted(new SqliteConnection(file.writer, file.sync), statements);
  const unit = new UnitOfWork(file.db, writes, sequencesOn(writes));
  const groups = new GroupCommit<Transaction>(writes, unit, log, () => {});
  const reader = readerOn(file.db, new SqliteConnection(file.reader));
  onTestFinished(async () => {
    await groups.close();
    await file[Symbol.asyncDispose]();
    lock[Symbol.dispose]();
  });
  const store: Store = {
    write: (work, foreseen) => groups.write(work, foreseen),
    writeFirst: (list) => groups.writeFirst(list),
    read: (work) => work(reader),
    probe: async () => {},
    inspect: async () => [],
    lastCopyAt: async () => null,
    [Symbol.asyncDispose]: async () => {},
  };
  return {
    store,
    file,
    /** What ran since it was asked last. */
    takeStatements: () => statements.splice(0),
  };
}

/** The texts of statements, and the names of what a session does. */
function toNoted(connection: SqliteConnection, statements: string[]): Connection & Session {
  const noted = (name: Exclude<keyof Session, "sync">) => () => {
    statements.push(name);
    return connection[name]();
  };
  return {
    prepare<Row>(text: string) {
      const run = connection.prepare<Row>(text);
      return (values: readonly unknown[]) => {
        statements.push(text);
        return run(values);
      };
    },
    begin: noted("begin"),
    commit: noted("commit"),
    rollback: noted("rollback"),
    savepoint: noted("savepoint"),
    release: noted("release"),
    undoSavepoint: noted("undoSavepoint"),
    sync: () => connection.sync(),
  };
}
