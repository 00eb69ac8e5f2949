import Database from "better-sqlite3";
import { expect, it } from "vitest";
import { GroupCommit } from "../../../bot/store/sqlite/group-commit.ts";
import { SqliteConnection } from "../../../bot/store/sqlite/sqlite-connection.ts";

/** A real database, on a disk whose sync the test holds up. */
function open(sync: () => Promise<void>) {
  const database = new Database(":memory:");
  database.exec("create table presses (id integer primary key)");
  const connection = new SqliteConnection(database, sync);
  const insert = connection.prepare("insert into presses default values");
  const lines: string[] = [];
  const log = { info: () => {}, warn: () => {}, error: (_: unknown, event: string) => void lines.push(event) };
  let lost = 0;
  const writes = new GroupCommit(connection, insert, log, () => (lost += 1));
  const count = () => database.prepare("select count(*) from presses").pluck().get();
  return {
    press: () => writes.write((press) => press([])),
    lose: writes.lose.bind(writes),
    look: () => writes.look(),
    count,
    lines,
    lost: () => lost,
  };
}

/** Lets everything run that waits for nothing but its turn. */
async function turns(): Promise<void> {
  for (let turn = 0; turn < 10; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

it("answers nobody before the disk has it, and what comes in meanwhile shares the next sync", async () => {
  const syncs: (() => void)[] = [];
  const { press, count } = open(() => new Promise((resolve) => syncs.push(resolve)));
  let answered = 0;
  const first = press().then(() => (answered += 1));
  await turns();
  expect({ commits: count(), answered }).toEqual({ commits: 1, answered: 0 });
  const others = [press(), press(), press()].map((other) => other.then(() => (answered += 1)));
  await turns();
  expect(syncs).toHaveLength(1);
  syncs[0]?.();
  await first;
  await turns();
  expect({ syncs: syncs.length, answered }).toEqual({ syncs: 2, answered: 1 });
  syncs[1]?.();
  await Promise.all(others);
  expect({ commits: count(), answered }).toEqual({ commits: 4, answered: 4 });
});

it("knows that the disk hangs when two looks see the same sync, and that it goes on", async () => {
  const syncs: (() => void)[] = [];
  const { press, look, lines } = open(() => new Promise((resolve) => syncs.push(resolve)));
  const first = press();
  await turns();
  expect([look(), look(), look()]).toEqual([false, true, true]);
  expect(lines).toEqual(["storage-hangs"]);
  const second = press();
  syncs[0]?.();
  await first;
  await turns();
  // Busy, and no longer with the same.
  expect(look()).toBe(false);
  syncs[1]?.();
  await second;
  await turns();
  expect([look(), look()]).toEqual([false, false]);
});

it("takes nothing more once a sync has failed: a later one could confirm what builds on lost pages", async () => {
  let isBroken = true;
  const { press, count, lines, lost } = open(async () => {
    if (isBroken) throw new Error("EIO");
  });
  const refused = press();
  await expect(refused).rejects.toThrow("the disk did not take it");
  isBroken = false;
  await expect(press()).rejects.toThrow("the disk did not take it");
  expect(count()).toBe(1);
  expect(lost()).toBe(1);
  expect(lines).toEqual(["storage-lost-sync"]);
});

it("confirms nothing whose files went while it was synced", async () => {
  const syncs: (() => void)[] = [];
  const { press, lose } = open(() => new Promise((resolve) => syncs.push(resolve)));
  const [first, second] = [press(), press()].map((each) => each.then(() => "recorded").catch(() => "refused"));
  await turns();
  lose("storage-gone", new Error("removed"));
  syncs[0]?.();
  expect([await first, await second]).toEqual(["refused", "refused"]);
});
