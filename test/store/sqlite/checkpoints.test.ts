import { statSync } from "node:fs";
import Database from "better-sqlite3";
import { describe, expect, it } from "vitest";
import { openLog } from "../../../bot/logging/open-log.ts";
import { Checkpoints, type LogState } from "../../../bot/store/sqlite/checkpoints.ts";
import { openStore } from "../../../bot/store/store.ts";
import { newDatabase } from "../new-database.ts";

/** Commits so often that it is asked once how much waits. */
async function commit(checkpoints: Checkpoints): Promise<void> {
  for (let commits = 0; commits < 16; commits += 1) await checkpoints.runWhenDue();
}

/** A log that grows as the test says, on a disk that fails when it says so. */
function open() {
  const state = { pages: 0, inDatabase: 0, isBroken: false, isInTransaction: false, runs: 0 };
  const lines: { event: string; failures: unknown }[] = [];
  const error = ({ failures }: Record<string, unknown>, event: string) => void lines.push({ event, failures });
  const checkpoint = async (fromPages: number): Promise<LogState | null> => {
    if (state.isInTransaction) return null;
    const waiting = state.pages - state.inDatabase;
    if (waiting < fromPages) return { waiting, failure: null };
    state.runs += 1;
    if (state.isBroken) return { waiting, failure: new Error("EIO") };
    state.inDatabase = state.pages;
    return { waiting: 0, failure: null };
  };
  const log = { info: () => {}, warn: () => {}, error };
  return { state, lines, checkpoints: new Checkpoints(log, checkpoint) };
}

describe("a checkpoint", () => {
  it("is made when there is much to bring in, and not before", async () => {
    const { state, checkpoints } = open();
    for (const pages of [1, 9_999, 10_000, 10_001, 19_999, 20_000]) {
      state.pages = pages;
      await commit(checkpoints);
    }
    expect(state.runs).toBe(2);
    expect(checkpoints.isBehind).toBe(false);
  });

  it("that fails is told, counted and tried again, and not at each commit", async () => {
    const { state, lines, checkpoints } = open();
    state.isBroken = true;
    state.pages = 10_000;
    for (let times = 0; times < 5; times += 1) await commit(checkpoints);
    await checkpoints.tryAgain();
    expect(lines).toEqual([1, 2].map((failures) => ({ event: "checkpoint-failed", failures })));
    expect([checkpoints.isBehind, checkpoints.isTooFarBehind]).toEqual([true, false]);
    state.pages = 30_001;
    await checkpoints.tryAgain();
    expect(checkpoints.isTooFarBehind).toBe(true);
    state.isBroken = false;
    await checkpoints.tryAgain();
    expect([checkpoints.isBehind, checkpoints.isTooFarBehind]).toEqual([false, false]);
  });

  it("that finds a transaction in its way is made after the next commit", async () => {
    const { state, checkpoints } = open();
    Object.assign(state, { pages: 10_000, isBroken: true });
    await checkpoints.tryAgain();
    Object.assign(state, { isBroken: false, isInTransaction: true });
    await checkpoints.tryAgain();
    expect([checkpoints.isBehind, state.runs]).toEqual([true, 1]);
    state.isInTransaction = false;
    await checkpoints.runWhenDue();
    expect([checkpoints.isBehind, state.runs]).toEqual([false, 2]);
  });

  it("is behind no more once little waits, when it could only not be asked how much does", async () => {
    let isBroken = true;
    const log = { info: () => {}, warn: () => {}, error: () => {} };
    const checkpoints = new Checkpoints(log, async () => {
      return isBroken ? { waiting: null, failure: new Error("EIO") } : { waiting: 10, failure: null };
    });
    await commit(checkpoints);
    expect(checkpoints.isBehind).toBe(true);
    isBroken = false;
    await checkpoints.tryAgain();
    expect(checkpoints.isBehind).toBe(false);
  });

  it("that brings in nothing, because somebody reads, is behind beyond the bound", async () => {
    const { state, lines, checkpoints } = open();
    const held = new Checkpoints({ info: () => {}, warn: () => {}, error: () => {} }, async () => {
      return { waiting: state.pages, failure: null };
    });
    state.pages = 30_000;
    await commit(held);
    expect(held.isBehind).toBe(false);
    state.pages = 30_001;
    await commit(held);
    expect(held.isBehind).toBe(true);
    expect([lines, checkpoints.isBehind]).toEqual([[], false]);
  });
});

it("keeps the log of a real file short, and tells when a reader makes it grow", { timeout: 60_000 }, async () => {
  const path = newDatabase();
  await using store = await openStore({ url: `sqlite:${path}`, log: openLog("silent") });
  const pageBytes = 4_096;
  let written = 0;
  /** Writes about that many pages into the log. */
  async function write(pages: number): Promise<void> {
    for (let left = pages; left > 0; left -= 100, written += 1) {
      // What does not change is not written.
      const value = `${written % 10}`.repeat(100 * pageBytes);
      await store.write((tx) => tx.saveSetting("greeted", `name ${written % 3}`, value));
    }
  }
  await write(11_000);
  expect(statSync(`${path}-wal`).size).toBeLessThan(12_000 * pageBytes);
  expect(await store.inspect()).toEqual([]);
  await store.probe();

  const reader = new Database(path, { readonly: true });
  const reading = reader.prepare("select subject from settings").iterate();
  reading.next();
  await write(31_000);
  expect(await store.inspect()).toEqual(["storage-behind"]);
  await expect(store.probe()).rejects.toThrow("too long");
  reading.return?.();
  reader.close();
  expect(await store.inspect()).toEqual([]);
  await store.probe();
});
