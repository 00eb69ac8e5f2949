import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import type { Worker } from "node:worker_threads";
import Database from "better-sqlite3";
import { expect, it } from "vitest";
import { InFlight } from "../../../bot/kit/in-flight.ts";
import { TimeLimit } from "../../../bot/kit/with-timeout.ts";
import { inTime } from "../../../bot/store/sql/connection.ts";
import { SqliteSession } from "../../../bot/store/sqlite/thread/sqlite-session.ts";
import { SqliteThread } from "../../../bot/store/sqlite/thread/sqlite-thread.ts";
import { FakeClock } from "../../fakes/clock.ts";
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

it("tells who follows it that it has ended, also where that was before", async () => {
  const path = newDatabase();
  mkdirSync(dirname(path));
  using stack = new DisposableStack();
  stack.adopt(new Database(path), (each) => each.close()).pragma("journal_mode = WAL");
  const made: Worker[] = [];
  const note = (worker: Worker) => made.push(worker);
  process.on("worker", note);
  stack.defer(() => process.off("worker", note));
  await using opened = new AsyncDisposableStack();
  const openThread = async () =>
    opened.use(await SqliteThread.open({ path, mode: "reads", lockWaitMs: 100 }, new InFlight()));
  let thread = await openThread();
  // Those of other files, which are closed by now, run still and are used first.
  while (made.length === 0) thread = await openThread();
  const before = new Promise<Error>((resolve) => thread.onGone(resolve));
  await made[0]?.terminate();
  const after = new Promise<Error>((resolve) => thread.onGone(resolve));
  for (const told of [before, after]) expect((await told).message).toContain("ended");
});

it("keeps nobody waiting longer than that for a thread that hangs, and nobody at all after that until it answers", async () => {
  const path = newDatabase();
  mkdirSync(dirname(path));
  using stack = new DisposableStack();
  const holder = stack.adopt(new Database(path), (each) => each.close());
  holder.exec("create table words as select 'word' as word");
  const clock = new FakeClock(0);
  await using thread = await SqliteThread.open({ path, mode: "reads", lockWaitMs: 240_000 }, new InFlight());
  holder.exec("begin exclusive");
  const reads = inTime(new SqliteSession(thread), new TimeLimit(clock, () => 10_000));
  const read = () => reads.prepare("select word from words")([]);
  const waiting = expect(read()).rejects.toMatchObject({ code: "ETIMEDOUT" });
  clock.to(10_000);
  await waiting;
  await expect(read()).rejects.toMatchObject({ code: "ETIMEDOUT" });
  holder.exec("commit");
  const answered = async () => {
    try {
      return (await read()).rows;
    } catch {
      return null;
    }
  };
  await expect.poll(answered).toEqual([{ word: "word" }]);
});
