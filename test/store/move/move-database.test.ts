import { readFileSync, writeFileSync } from "node:fs";
import Database from "better-sqlite3";
import { describe, expect, it } from "vitest";
import { openLog } from "../../../bot/logging/open-log.ts";
import { moveDatabase } from "../../../bot/store/move/move-database.ts";
import { MoveRefused } from "../../../bot/store/move/move-refused.ts";
import { toStorable } from "../../../bot/store/sql/storable.ts";
import { openStore } from "../../../bot/store/store.ts";
import { changeDatabase } from "../../damage.ts";
import { connectTo, newPostgres } from "../../storage/postgres/new-postgres.ts";
import { patient, versions } from "../../storage/postgres/server.ts";
import { newDatabase } from "../new-database.ts";
import { newIncident } from "../new-incident.ts";

const log = openLog("silent");
const quiet = { onProgress: () => {} };

/** What an older version may have stored, and what `copy` reads as something else than it says. */
const texts = ["", "\\N", "\\.", "a\tb\nc\rd\\", "a\0b", "\u001e", "\u001f", "é🚨", "x".repeat(700), `{"a":"\\u0000"}`];
const numbers = [0, -1, 2 ** 53 - 1, -(2 ** 53) + 1];
const reals = [0.1, 1e-7, 1e300, null];

/** A database of a bot that has stopped, with `rows` rows of such values in each table. */
async function newFile(rows = texts.length): Promise<string> {
  const path = newDatabase();
  await using store = await openStore({ url: `sqlite:${path}`, log });
  await store.probe();
  await store[Symbol.asyncDispose]();
  using stack = new DisposableStack();
  const file = stack.adopt(new Database(path), (each) => each.close());
  file.pragma("foreign_keys = off");
  file.exec("delete from settings");
  for (const table of listTables(file)) {
    const columns = listColumns(file, table);
    const places = columns.map(() => "?").join();
    const insert = file.prepare(`insert into "${table}" values (${places})`);
    for (let row = 0; row < rows; row += 1) insert.run(columns.map(({ type }, at) => toValue(type, at, row)));
  }
  return path;
}

/** The first column tells rows apart, and so do the others of a key. */
function toValue(type: string, at: number, row: number): unknown {
  if (/real/i.test(type)) return reals[row % reals.length];
  if (/int/i.test(type)) return at === 0 ? row + 1 : (numbers[(row + at) % numbers.length] ?? 0) - row;
  return at === 0 || at === 1 ? `${row}${texts[row % texts.length]}` : texts[(row + at) % texts.length];
}

function listTables(file: Database.Database): readonly string[] {
  const all = file.prepare<[], string>("select name from sqlite_schema where type = 'table'").pluck().all();
  return all.filter((name) => !/^(sqlite|kysely)_/.test(name)).toSorted();
}

function listColumns(file: Database.Database, table: string): readonly { name: string; type: string }[] {
  return file
    .prepare<[string], { name: string; type: string }>("select name, type from pragma_table_info(?)")
    .all(table);
}

/** All rows of all tables, each table's in some order. */
function readFile(path: string): Record<string, readonly unknown[]> {
  using stack = new DisposableStack();
  const file = stack.adopt(new Database(path, { readonly: true }), (each) => each.close());
  const rows = (table: string) =>
    file
      .prepare<[], Record<string, unknown>>(`select * from "${table}"`)
      .all()
      .map((row) => Object.fromEntries(Object.entries(row).map(([name, value]) => [name, toStorable(name, value)])));
  return Object.fromEntries(listTables(file).map((table) => [table, sort(rows(table))]));
}

async function readServer(url: string, tables: readonly string[]): Promise<Record<string, readonly unknown[]>> {
  const client = connectTo(url);
  const found: Record<string, readonly unknown[]> = {};
  for (const table of tables) found[table] = sort((await client.query(`select * from "${table}"`, [])).rows);
  await client.close();
  return found;
}

function sort(rows: readonly unknown[]): readonly unknown[] {
  return rows.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}

/** A database with tables, and no row in any; `also`: what else is done there. */
async function newServer(also: string): Promise<string> {
  const url = await newPostgres("18");
  const client = connectTo(url);
  await client.script(`delete from settings; ${also}`);
  await client.close();
  return url;
}

async function isEmpty(url: string, tables: readonly string[]): Promise<boolean> {
  return Object.values(await readServer(url, tables)).every((rows) => rows.length === 0);
}

describe.each(versions)("on PostgreSQL %s", (version) => {
  it("moves every row of every table, with every value as every database takes it, and leaves the file as it was", async () => {
    const [path, url] = [await newFile(), await newPostgres(version, "empty")];
    const [before, bytes] = [readFile(path), readFileSync(path)];
    const shares: number[] = [];
    const moved = await moveDatabase({ from: path, to: url, onProgress: (share) => shares.push(share) });
    const tables = Object.keys(before);
    expect(moved.rows).toBe(Object.values(before).reduce((sum, rows) => sum + rows.length, 0));
    expect(await readServer(url, tables)).toEqual(before);
    expect(readFileSync(path)).toEqual(bytes);
  });
});

it("numbers on from the last number that was given, also where its row is gone", async () => {
  const [path, url] = [await newFile(), await newPostgres("18", "empty")];
  changeDatabase(path, "update sqlite_sequence set seq = 1000; delete from outbox");
  await moveDatabase({ from: path, to: url, ...quiet });
  await using store = await openStore({ url, log, timeouts: patient });
  const opened = await store.write((tx) => tx.insertIncident(newIncident("next")));
  expect(opened.number).toBe(1001);
  const row = { key: "next", lane: "alarm", incident: "next", outgoing: { kind: "card" }, dueAt: 0 } as const;
  const [added] = await store.write((tx) => tx.enqueue([row], 0));
  expect(added?.id).toBe(1001);
});

it("leaves nothing where it is broken off, and moves all of it when it is begun again", async () => {
  const [path, url] = [await newFile(2_000), await newPostgres("18", "empty")];
  const tables = Object.keys(readFile(path));
  let told = 0;
  const onProgress = () => {
    told += 1;
    if (told === 20) throw new Error("broken off");
  };
  await expect(moveDatabase({ from: path, to: url, onProgress })).rejects.toThrow();
  expect(told).toBe(20);
  expect(await isEmpty(url, tables)).toBe(true);
  await moveDatabase({ from: path, to: url, ...quiet });
  expect(await readServer(url, tables)).toEqual(readFile(path));
});

it("refuses where something else arrives than was sent, and leaves nothing", async () => {
  const url = await newServer(
    `create function change() returns trigger language plpgsql as 'begin new.place := ''x''; return new; end';
     create trigger change before insert on usual_places for each row execute function change()`,
  );
  const path = await newFile();
  await expect(moveDatabase({ from: path, to: url, ...quiet })).rejects.toEqual(new MoveRefused("differs"));
  expect(await isEmpty(url, Object.keys(readFile(path)))).toBe(true);
});

it("refuses a database of PostgreSQL that holds a row in any table", async () => {
  const url = await newServer("insert into usual_places values ('alice', 'Balie')");
  const path = await newFile();
  await expect(moveDatabase({ from: path, to: url, ...quiet })).rejects.toEqual(new MoveRefused("not-empty"));
  const { usual_places: places = [], ...rest } = await readServer(url, Object.keys(readFile(path)));
  expect(places).toEqual([{ person: "alice", place: "Balie" }]);
  expect(Object.values(rest).flat()).toEqual([]);
});

it("refuses while a bot has the file, or the database of PostgreSQL; who has it may go on", async () => {
  const [path, url] = [await newFile(), await newPostgres("18")];
  await using onFile = await openStore({ url: `sqlite:${path}`, log });
  await expect(moveDatabase({ from: path, to: url, ...quiet })).rejects.toThrow("in use by another process");
  await onFile.write((tx) => tx.saveSetting("greeted", "a", "b"));
  await onFile[Symbol.asyncDispose]();
  await using onServer = await openStore({ url, log, timeouts: patient });
  const isWritten = { is: false };
  const writing = (async () => {
    while (!isWritten.is) await onServer.write((tx) => tx.saveSetting("greeted", "a", "b"));
  })();
  await expect(moveDatabase({ from: path, to: url, ...quiet })).rejects.toThrow("in use by another process");
  isWritten.is = true;
  await writing;
});

it("refuses a file that is none of ours, of another version, or damaged, and makes none", async () => {
  const url = await newPostgres("18", "empty");
  const [none, old, damaged] = [newDatabase(), await newFile(), await newFile(2_000)];
  await expect(moveDatabase({ from: none, to: url, ...quiet })).rejects.toThrow("ENOENT");
  changeDatabase(old, "delete from kysely_migration where name = (select max(name) from kysely_migration)");
  await expect(moveDatabase({ from: old, to: url, ...quiet })).rejects.toEqual(new MoveRefused("other-version"));
  changeDatabase(old, "drop table kysely_migration");
  await expect(moveDatabase({ from: old, to: url, ...quiet })).rejects.toEqual(new MoveRefused("no-database"));
  const bytes = readFileSync(damaged);
  bytes.fill(0xff, Math.floor(bytes.length / 2), Math.floor(bytes.length / 2) + 4 * 4_096);
  writeFileSync(damaged, bytes);
  await expect(moveDatabase({ from: damaged, to: url, ...quiet })).rejects.toThrow(/malformed|not a database/);
});
