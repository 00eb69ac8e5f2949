import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import Database from "better-sqlite3";
import { describe, expect, it } from "vitest";
import { DamagedIncident } from "../../../bot/errors.ts";
import { InFlight } from "../../../bot/kit/in-flight.ts";
import { openLog } from "../../../bot/logging/open-log.ts";
import type { Store } from "../../../bot/ports/store/store.ts";
import { AsideStore } from "../../../bot/store/sql/group/aside-store.ts";
import { DatabaseLock } from "../../../bot/store/sqlite/database-lock.ts";
import { isDiskFault } from "../../../bot/store/sqlite/disk-fault.ts";
import { BrokenFile } from "../../../bot/store/sqlite/remains/broken-file.ts";
import { openSqliteFile } from "../../../bot/store/sqlite/sqlite-file.ts";
import { openStore } from "../../../bot/store/store.ts";
import { blockLock, changeDatabase, countPages, pagesOf, zeroPage } from "../../damage.ts";
import { newDatabase } from "../new-database.ts";
import { close, newIncident } from "../new-incident.ts";
import { openOldDatabase } from "../old-database.ts";
import { oldIdOf, toExpected, toOldBody } from "../old-incident.ts";

const log = openLog("silent");
const openCount = 12;
const id = (index: number) => `019abcde-0000-7000-8000-${String(index).padStart(12, "0")}`;

/** A file with open and closed incidents, none of them under a damaged page yet. */
async function fill(path: string): Promise<void> {
  await using store = await openStore({ url: `sqlite:${path}`, log });
  for (let index = 0; index < 2 * openCount; index += 1) {
    await store.write(async (tx) => {
      const inserted = await tx.insertIncident(newIncident(id(index), { nextAt: 1_000 + index }));
      await tx.appendHistory(id(index), [{ kind: "card-posted", at: 1_000 }]);
      if (index % 2 === 1) await tx.updateIncident(close(inserted));
    });
  }
}

const openIds = Array.from({ length: openCount }, (_, index) => id(2 * index));
const due = (store: Store) => store.read((reader) => reader.listDue(1_000_000, 1_000));

/** How an open incident can be had: whole, by its columns, or not at all. */
async function loadKind(store: Store, incident: string): Promise<"whole" | "columns" | "nothing"> {
  try {
    return (await store.read((reader) => reader.loadIncident(incident))) === null ? "nothing" : "whole";
  } catch (error) {
    return error instanceof DamagedIncident && error.remains.button === incident ? "columns" : "nothing";
  }
}

it("any page may be damaged: it starts, takes no writes, and knows of every open incident but without the schema", {
  timeout: 120_000,
}, async () => {
  const path = newDatabase();
  await fill(path);
  const schema = pagesOf(path, "sqlite_schema");
  const own = pagesOf(path, "incidents");
  const folder = dirname(path);
  renameSync(folder, `${folder}-whole`);
  const pages = countPages(`${folder}-whole/rugdekking.db`);
  expect(pages).toBeGreaterThan(45);
  for (let page = 1; page <= pages; page += 1) {
    rmSync(folder, { recursive: true, force: true });
    cpFolder(`${folder}-whole`, folder);
    zeroPage(path, page);
    await using store = await openStore({ url: `sqlite:${path}`, log });
    expect(await store.inspect(), `page ${page}`).toEqual(["storage-aside"]);
    await expect(store.write((tx) => tx.loadSetting("probe", "a"))).rejects.toThrow("can't be used");
    await expect(store.probe()).rejects.toThrow("can't be used");
    if (schema.includes(page)) continue;
    expect((await due(store)).toSorted(), `page ${page}`).toEqual(openIds);
    const kinds = await Promise.all(openIds.map((each) => loadKind(store, each)));
    expect(kinds, `page ${page}`).not.toContain("nothing");
    if (!own.includes(page)) expect(new Set(kinds), `page ${page}`).toEqual(new Set(["whole"]));
  }
});

it("the table alone tells of what is open when all its indexes are damaged", async () => {
  const path = newDatabase();
  await fill(path);
  const indexes = ["incidents_next", "incidents_open_button", "incidents_open_place", "sqlite_autoindex_incidents_1"];
  for (const page of indexes.flatMap((name) => pagesOf(path, name))) zeroPage(path, page);
  await using store = await openStore({ url: `sqlite:${path}`, log });
  expect((await due(store)).toSorted()).toEqual(openIds);
});

/** What a process that was stopped leaves behind. */
function cpFolder(from: string, to: string): void {
  mkdirSync(to);
  for (const name of ["rugdekking.db", "rugdekking.db.lock"]) cpSync(`${from}/${name}`, `${to}/${name}`);
}

/** A database of that version with a row of each kind that holds that. */
async function writeOld(path: string, version: number, body: string): Promise<void> {
  const db = await openOldDatabase(path, version);
  const row = { source: "buttons", button: "0042", channel: "frontdesk", fixed_place: null, body };
  const moments = { opened_at: 1, closed_at: null, next_at: 2 };
  await db
    .insertInto("incidents")
    .values({ id: oldIdOf(1), shape: version, version: 1, ...row, ...moments })
    .execute();
  await db
    .insertInto("history")
    .values({ incident: oldIdOf(1), seq: 1, at: 1, body })
    .execute();
  await db.destroy();
}

it.each([1, 2, 3] as const)(
  "what a version of shape %s left open is read whole beside a damaged page",
  async (shape) => {
    const path = newDatabase();
    await writeOld(path, shape, toOldBody(1, shape));
    for (const page of pagesOf(path, "settings")) zeroPage(path, page);
    await using store = await openStore({ url: `sqlite:${path}`, log });
    expect(await store.inspect()).toEqual(["storage-aside"]);
    expect(await store.read((reader) => reader.listOpen(9))).toEqual([toExpected(1)]);
  },
);

describe("a row that is damaged", () => {
  it("is known by its columns when it is asked for, and left out of lists", async () => {
    const path = newDatabase();
    await fill(path);
    changeDatabase(path, `update incidents set body = '{}' where id = '${id(0)}'`);
    changeDatabase(path, `update incidents set body = 'null' where id = '${id(1)}'`);
    await using store = await openStore({ url: `sqlite:${path}`, log });
    const [first, second] = openIds;
    const asked = store.read((reader) => reader.loadIncident(first ?? ""));
    await expect(asked).rejects.toMatchObject({ name: "DamagedIncident", remains: { id: first, closedAt: null } });
    expect(await due(store)).toEqual(openIds);
    const listed = await store.read((reader) => reader.listOpen(1_000));
    expect(listed.map((each) => each.id).toSorted()).toEqual(openIds.slice(1));
    expect(await loadKind(store, second ?? "")).toBe("whole");
    const closed = await store.read((reader) => reader.listClosed("buttons", 0, 1_000));
    expect(closed).toHaveLength(openCount - 1);
    expect(await store.write((tx) => tx.loadOpenByButton("buttons", id(0)))).toMatchObject({ id: first });
  });

  const bodies = ['{"id":"old-1","na', "{}", "null", "[]", "1", '{"pressers":null,"round":{"guard":3},"pagers":5}'];
  it.each([1, 2, 3].flatMap((version) => bodies.map((body) => ({ version, body }))))(
    "does not keep a database of version $version from being brought up to date: $body",
    async ({ version, body }) => {
      const path = newDatabase();
      await writeOld(path, version, body);
      await using store = await openStore({ url: `sqlite:${path}`, log });
      expect(await store.inspect()).toEqual([]);
      await expect(store.read((reader) => reader.loadIncident("old-1"))).rejects.toMatchObject({
        name: "DamagedIncident",
      });
    },
  );

  const parts = ["version", "round", "round.steps", "round.guards", "pagers", "pressers", "responders", "deliveries"];
  it.each(parts)("is known by its columns when %s is gone, for nothing could be decided on it", async (part) => {
    const path = newDatabase();
    await fill(path);
    changeDatabase(path, `update incidents set body = json_remove(body, '$.${part}') where id = '${id(0)}'`);
    await using store = await openStore({ url: `sqlite:${path}`, log });
    expect(await loadKind(store, id(0))).toBe("columns");
  });
});

describe("what is a fault of the disk", () => {
  const refused = (code: string) => Object.assign(new Error("refused"), { code });

  it("is any refusal where there is a database, and only a disk that fails where there is none", async () => {
    const path = newDatabase();
    mkdirSync(dirname(path), { recursive: true });
    for (const code of ["EROFS", "ENOSPC", "EIO", "SQLITE_FULL", "SQLITE_IOERR_WRITE", "SQLITE_READONLY_DIRECTORY"])
      expect(isDiskFault(refused(code), path), code).toBe(true);
    for (const code of ["EACCES", "EPERM", "ENOENT", "SQLITE_CANTOPEN", "SQLITE_BUSY"])
      expect(isDiskFault(refused(code), path), code).toBe(false);
    writeFileSync(path, "");
    for (const code of ["EROFS", "EACCES", "SQLITE_CANTOPEN", "SQLITE_BUSY", "SQLITE_CORRUPT", "SQLITE_NOTADB"])
      expect(isDiskFault(new Error("not opened", { cause: refused(code) }), path), code).toBe(true);
    expect(isDiskFault(new Error("in use by another process"), path)).toBe(false);
  });

  it("is no mistake in the configuration: a folder that can't be made", async () => {
    const path = newDatabase();
    mkdirSync(path, { recursive: true });
    const file = `${path}/file`;
    writeFileSync(file, "");
    await expect(openStore({ url: `sqlite:${file}/data/rugdekking.db`, log })).rejects.toThrow(
      "can't be opened: part of its path is a file and no folder (ENOTDIR). It has to be a file in a folder",
    );
    expect(isDiskFault(refused("EROFS"), `${path}/nowhere/rugdekking.db`)).toBe(false);
  });

  it("is no second process: that one is refused, also when the disk fails", async () => {
    const path = newDatabase();
    await fill(path);
    await using store = await openStore({ url: `sqlite:${path}`, log });
    for (const page of pagesOf(path, "history")) zeroPage(path, page);
    await expect(openStore({ url: `sqlite:${path}`, log })).rejects.toThrow("in use by another process");
    expect(await store.read((reader) => reader.countOpen(null))).toBe(openCount);
  });
});

it("a disk that lets no companion be made: the file itself is read, and nothing is written", async () => {
  const path = newDatabase();
  await fill(path);
  mkdirSync(`${path}-wal`);
  await using store = await openStore({ url: `sqlite:${path}`, log });
  expect(await store.inspect()).toEqual(["storage-aside"]);
  expect((await due(store)).toSorted()).toEqual(openIds);
  expect(await store.read((reader) => reader.loadHistory(id(0), 0))).toHaveLength(1);
  await expect(store.write((tx) => tx.loadSetting("probe", "a"))).rejects.toThrow("can't be used");
});

it("a database that can be used again is used, with what is written from then on, and tells so once", async () => {
  const path = newDatabase();
  await fill(path);
  rmSync(`${path}.lock`);
  let told = 0;
  const blocked = blockLock(path);
  await using store = await openStore({ url: `sqlite:${path}`, log, onWhole: () => (told += 1) });
  expect(await store.inspect()).toEqual(["storage-aside", "storage-unlocked"]);
  expect(await store.read((reader) => reader.countOpen(null))).toBe(openCount);
  blocked[Symbol.dispose]();
  expect(await store.inspect()).toEqual([]);
  expect(await store.inspect()).toEqual([]);
  expect(told).toBe(1);
  await store.probe();
  await expect(openStore({ url: `sqlite:${path}`, log })).rejects.toThrow("in use");
});

it("a damaged file that is taken away is not replaced by an empty one, and a copy is used once it has come whole", async () => {
  const path = newDatabase();
  await fill(path);
  const copy = readFileSync(path);
  for (const page of pagesOf(path, "alarms")) zeroPage(path, page);
  let told = 0;
  await using store = await openStore({ url: `sqlite:${path}`, log, onWhole: () => (told += 1) });
  renameSync(path, `${path}.damaged`);
  for (const _ of [1, 2, 3]) expect(await store.inspect()).toEqual(["storage-aside"]);
  expect(existsSync(path)).toBe(false);
  for (const part of [0.3, 0.6, 1]) {
    writeFileSync(path, copy.subarray(0, part * copy.length));
    expect(await store.inspect()).toEqual(["storage-aside"]);
    expect(readFileSync(path)).toEqual(copy.subarray(0, part * copy.length));
  }
  expect(await store.inspect()).toEqual([]);
  expect(told).toBe(1);
  expect(await store.read((reader) => reader.countOpen(null))).toBe(openCount);
});

describe("a file that is not damaged and can't be used", () => {
  it("is not read as a whole while somebody holds it", async () => {
    const path = newDatabase();
    await fill(path);
    using stack = new DisposableStack();
    const lock = stack.use(new DatabaseLock());
    const other = stack.adopt(new Database(path), (each) => each.close());
    other.exec("begin immediate");
    let looks = 0;
    const onLook = () => {
      looks += 1;
    };
    await expect(openSqliteFile({ path, lock, log, inFlight: new InFlight(), onLook })).rejects.toThrow("locked");
    expect(looks).toBe(0);
    other.exec("rollback");
    await using _file = await openSqliteFile({ path, lock, log, inFlight: new InFlight(), onLook });
    expect(looks).toBe(1);
  });

  it.each([
    { isRead: true, most: 10 },
    { isRead: false, most: 200 },
  ])("is tried ever more seldom where that reads all of it: $isRead", async ({ isRead, most }) => {
    const path = newDatabase();
    await fill(path);
    let tries = 0;
    const openWhole = async (onLook: () => void) => {
      tries += 1;
      if (isRead) onLook();
      throw new Error("the disk is full");
    };
    const cause = new Error("the disk is full");
    const lastCopyAt = async () => null;
    const remains = new BrokenFile({ path, cause, lock: new DatabaseLock(), log, openWhole, lastCopyAt });
    await using store = new AsideStore({ remains, log, onWhole: () => {} });
    for (let look = 0; look < 200; look += 1) await store.inspect();
    expect(tries).toBeGreaterThan(most - 5);
    expect(tries).toBeLessThanOrEqual(most);
  });
});
