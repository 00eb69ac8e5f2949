import { expect, it, onTestFinished } from "vitest";
import { builderOn } from "../../../bot/store/postgres/prepare-tables.ts";
import { ReadPool } from "../../../bot/store/postgres/read-pool.ts";
import type { Tables } from "../../../bot/store/sql/tables.ts";
import { connectNoting, connectTo, newPostgres } from "../../storage/postgres/new-postgres.ts";

/** A pool, and how many statements it sent in each go, to begin and to commit among them. */
async function openPool() {
  const url = await newPostgres("18", "empty");
  const sent: number[] = [];
  const open = async () => connectNoting(url, sent);
  const pool = new ReadPool(builderOn<Tables>(null), {
    open,
    begin: ["begin read only", "set local lock_timeout = '1ms'"],
  });
  onTestFinished(() => pool[Symbol.asyncDispose]());
  return { url, pool, sent, divide: pool.prepare<{ result: number }>("select 6 / $1::int as result") };
}

it("sends what is read at once in one go, whoever reads, and what fails fails alone", async () => {
  const { pool, sent, divide } = await openPool();
  const work = async (...by: readonly number[]) => {
    const results: number[] = [];
    for (const each of by) results.push(...(await divide([each])).rows.map(({ result }) => result));
    return results;
  };
  const readings = [work(1, 2), work(0, 1), work(3), work(6)].map((each) => pool.read(() => each));
  expect(await Promise.allSettled(readings)).toMatchObject([
    { value: [6, 3] },
    { reason: { code: "22012" } },
    { value: [2] },
    { value: [1] },
  ]);
  expect(sent.toSorted()).toEqual([4, 4, 4, 7]);
});

it("writes nothing", async () => {
  const { pool } = await openPool();
  await expect(pool.prepare("create table seats (number int)")([])).rejects.toMatchObject({ code: "25006" });
});

it("reads over another connection once one broke", async () => {
  const { url, divide } = await openPool();
  await divide([1]);
  const beside = connectTo(url);
  await beside.script(`select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid()`);
  await beside.close();
  // It may be known by then, or be found so.
  await Promise.allSettled([divide([1]), divide([2])]);
  expect((await divide([2])).rows).toEqual([{ result: 3 }]);
});

it("holds up what was read together with several that take too long for one of them only", async () => {
  const { url, pool, sent, divide } = await openPool();
  const beside = connectTo(url);
  onTestFinished(() => beside.close());
  await beside.script("create table seats (number int); begin; lock table seats");
  const held = pool.prepare("select number from seats");
  const readings = [divide([1]), held([]), held([]), held([]), divide([2])];
  expect((await Promise.allSettled(readings)).map(({ status }) => status)).toEqual([
    ...["fulfilled", "rejected", "rejected", "rejected", "fulfilled"],
  ]);
  await beside.script("rollback");
  expect(sent).toEqual([8, 4, 4, 4]);
});
