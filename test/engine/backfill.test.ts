import Database from "better-sqlite3";
import { expect, it } from "vitest";
import { startBackfill } from "../../bot/engine/backfill.ts";
import { openStore } from "../../bot/store/store.ts";
import { newDatabase } from "../store/new-database.ts";
import { openOldDatabase } from "../store/old-database.ts";
import { oldIdOf, toExpected, toOldBody } from "../store/old-incident.ts";
import { openKernel, second } from "./open-kernel.ts";

const count = 120;

/** A database of the version with three migrations, with incidents in it. */
async function writeOld(): Promise<string> {
  const path = newDatabase();
  const db = await openOldDatabase(path, 3);
  for (let index = 1; index <= count; index += 1) {
    const { id, source, button, channel, openedAt, closedAt } = toExpected(index);
    const row = { id, shape: 3, version: 1, source, button, channel, fixed_place: null, body: toOldBody(index, 3) };
    await db
      .insertInto("incidents")
      .values({ ...row, opened_at: openedAt, closed_at: closedAt, next_at: null })
      .execute();
  }
  await db.destroy();
  return path;
}

const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** The engine's part on that database, and how many incidents of it are in the newest shape. */
async function openOn(path: string) {
  await using stack = new AsyncDisposableStack();
  const opened = stack.use(await openKernel(await openStore({ url: `sqlite:${path}`, log: silent })));
  const beside = stack.adopt(new Database(path, { readonly: true }), (each) => {
    each.close();
  });
  const done = beside.prepare<[], number>("select count(*) from incidents where shape = 4").pluck();
  const held = stack.move();
  return { ...opened, countDone: () => done.get(), [Symbol.asyncDispose]: () => held.disposeAsync() };
}

it("writes some at a time anew beside all else, goes on after a start where it was, and then asks nothing more", async () => {
  const path = await writeOld();
  {
    await using opened = await openOn(path);
    await using _job = startBackfill(opened.kernel);
    await opened.pass(0);
    expect(opened.countDone()).toBe(50);
  }
  await using opened = await openOn(path);
  const { kernel, pass } = opened;
  await using _job = startBackfill(kernel);
  await pass(0);
  expect(opened.countDone()).toBe(100);
  await pass(second);
  expect(opened.countDone()).toBe(count);
  expect(kernel.clock.nextAt).toBe(Number.POSITIVE_INFINITY);
  const read = await kernel.store.read((reader) => reader.loadIncident(oldIdOf(count)));
  expect(read).toEqual(toExpected(count));
});

it("tries again a minute after the storage refused it, and asks once where nothing is left", async () => {
  const path = await writeOld();
  await using opened = await openOn(path);
  const { kernel, lines, pass } = opened;
  const held = new Database(path);
  held.exec("begin immediate");
  await using _job = startBackfill(kernel);
  await pass(second);
  expect(opened.countDone()).toBe(0);
  expect(lines.join("\n")).toContain("look-failed");
  held.close();
  await pass(60 * second);
  expect(opened.countDone()).toBe(count);

  await using fresh = await openKernel();
  await using _other = startBackfill(fresh.kernel);
  await fresh.pass(second);
  expect(fresh.kernel.clock.nextAt).toBe(Number.POSITIVE_INFINITY);
});
