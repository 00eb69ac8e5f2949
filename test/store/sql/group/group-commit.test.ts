import Database from "better-sqlite3";
import { expect, it } from "vitest";
import type { Foreseen } from "../../../../bot/ports/store/store.ts";
import { GroupCommit } from "../../../../bot/store/sql/group/group-commit.ts";
import type { Unit } from "../../../../bot/store/sql/group/work.ts";
import { toError } from "../../../../bot/store/sqlite/thread/ask.ts";
import { AskedConnection } from "../../../../bot/store/sqlite/thread/asked-connection.ts";
import { SqliteSession } from "../../../../bot/store/sqlite/thread/sqlite-session.ts";

/** A real database, on a disk whose sync the test holds up. */
function open(sync: () => Promise<void>) {
  const database = new Database(":memory:");
  database.exec("create table presses (id integer primary key)");
  const asked = new AskedConnection(database, () => undefined);
  const connection = new SqliteSession({
    async ask(ask) {
      if (ask.kind === "sync") await sync();
      const [answer] = asked.answer([ask]);
      if (answer !== undefined && "result" in answer) return answer.result;
      throw answer === undefined ? new Error("no answer") : toError(answer.fault);
    },
  });
  const insert = connection.prepare("insert into presses default values");
  const lines: string[] = [];
  const log = { info: () => {}, warn: () => {}, error: (_: unknown, event: string) => void lines.push(event) };
  let lost = 0;
  let room = Number.POSITIVE_INFINITY;
  const commit = connection.commit.bind(connection);
  connection.commit = async () => {
    if (count() > room) throw new Error("database or disk is full");
    await commit();
  };
  const unit: Unit<typeof insert> = {
    alone: insert,
    isKnowing: false,
    forget() {},
    runTogether: () => Promise.reject(new Error("nothing is foreseen")),
  };
  const writes = new GroupCommit(connection, unit, log, () => (lost += 1));
  const count = () => Number(database.prepare("select count(*) from presses").pluck().get());
  return {
    press: (foreseen?: Foreseen) => writes.write((press) => press([]), foreseen),
    /**
     * What goes first, so many presses, until they are done, so many at once; returns how many of them were told that
     * they failed.
     */
    first(presses: number, atOnce = presses) {
      let [left, failed] = [presses, 0];
      const run = async (press: typeof insert) => {
        await press([]);
        return () => (left -= 1);
      };
      const reject = () => (failed += 1);
      writes.writeFirst(() => Array.from({ length: Math.min(left, atOnce) }, () => ({ run, reject })));
      return () => failed;
    },
    /** From now on the disk has no room for more presses than that. */
    leaveRoom(presses: number) {
      room = count() + presses;
    },
    /** Returns how often a transaction was to begin since. */
    refuseToBegin() {
      let tried = 0;
      connection.begin = async () => {
        tried += 1;
        throw new Error("database is locked");
      };
      return () => tried;
    },
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

it("knows that the disk hangs where works are run once more, each by itself", async () => {
  const syncs: (() => void)[] = [];
  const { press, look } = open(() => new Promise((resolve) => syncs.push(resolve)));
  const first = press({});
  await turns();
  expect([look(), look()]).toEqual([false, true]);
  syncs[0]?.();
  await first;
  await turns();
  expect(look()).toBe(false);
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

it("takes a press that there is room for, where there is none for what goes first", async () => {
  const { press, first, leaveRoom, count, lines } = open(async () => {});
  const failed = first(2);
  leaveRoom(1);
  await press();
  await turns();
  expect({ count: count(), failed: failed(), lines }).toEqual({ count: 1, failed: 2, lines: [] });
  // Where there is room for nothing, what goes first is not to blame.
  leaveRoom(0);
  await expect(press()).rejects.toThrow("the storage did not take it");
  expect({ count: count(), failed: failed(), lines }).toEqual({ count: 1, failed: 2, lines: ["storage-fails"] });
  leaveRoom(3);
  await press();
  expect({ count: count(), failed: failed() }).toEqual({ count: 4, failed: 2 });
});

it("writes all that goes first before what waits, some at a time, each part with a sync of its own", async () => {
  const synced: number[] = [];
  const { press, first, count } = open(async () => void synced.push(count()));
  first(40, 16);
  await Promise.all([press(), press()]);
  expect(synced).toEqual([16, 32, 40, 42]);
});

it("tries nothing more of what goes first where the disk lets nothing begin, and says that once", async () => {
  const { press, first, refuseToBegin, lines } = open(async () => {});
  const failed = first(2);
  const begun = refuseToBegin();
  await expect(press()).rejects.toThrow("the storage did not take it");
  expect([begun(), failed(), lines]).toEqual([1, 0, ["storage-fails"]]);
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

it("tries nothing more where the files went while it wrote what goes first", async () => {
  const syncs: (() => void)[] = [];
  const { press, first, lose, lines, count } = open(() => new Promise((resolve) => syncs.push(resolve)));
  const failed = first(2, 1);
  const refused = press().catch((error: Error) => error.message);
  await turns();
  lose("storage-gone", new Error("removed"));
  syncs[0]?.();
  expect(await refused).toBe("the disk did not take it");
  await turns();
  expect([count(), failed(), lines]).toEqual([1, 1, ["storage-gone"]]);
});
