import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import Database from "better-sqlite3";
import { expect, it } from "vitest";
import { InFlight } from "../../../bot/kit/in-flight.ts";
import { SqliteThread } from "../../../bot/store/sqlite/thread/sqlite-thread.ts";
import { newDatabase } from "../new-database.ts";

it("gives each the answer to what it asked, also after what no thread can be told", async () => {
  const path = newDatabase();
  mkdirSync(dirname(path));
  using stack = new DisposableStack();
  stack.adopt(new Database(path), (each) => each.close()).pragma("journal_mode = WAL");
  await using thread = await SqliteThread.open({ path, mode: "reads", lockWaitMs: 100 }, new InFlight());
  const ask = (text: string, values: readonly unknown[] = []) => thread.ask({ kind: "run", text, values });
  await expect(ask("select ?", [() => {}])).rejects.toThrow("could not be cloned");
  expect((await ask("select 1 as number")).rows).toEqual([{ number: 1 }]);
  expect((await ask("select 2 as number")).rows).toEqual([{ number: 2 }]);
});
