import Database from "better-sqlite3";
import { describe } from "vitest";
import { openLog } from "../../../bot/logging/open-log.ts";
import { openStore } from "../../../bot/store/store.ts";
import { storeContract } from "../../contracts/store-contract.ts";
import { backfillContract } from "../backfill-contract.ts";
import { newDatabase } from "../new-database.ts";

describe("SQLite", () => {
  storeContract(() => openStore({ url: `sqlite:${newDatabase()}`, log: openLog("silent") }));

  backfillContract(async () => {
    const path = newDatabase();
    await using stack = new AsyncDisposableStack();
    const store = stack.use(await openStore({ url: `sqlite:${path}`, log: openLog("silent") }));
    const beside = stack.adopt(new Database(path), (each) => {
      each.close();
    });
    const opened = stack.move();
    return {
      store,
      async query(text, ...values) {
        const statement = beside.prepare(text);
        if (statement.reader) return statement.all(...values);
        statement.run(...values);
        return [];
      },
      [Symbol.asyncDispose]: () => opened.disposeAsync(),
    };
  });
});
