import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import Database from "better-sqlite3";
import { describe, expect, it } from "vitest";
import { openLog } from "../../../bot/logging/open-log.ts";
import { CopyRefused, toCopyFault } from "../../../bot/store/copy/copy-fault.ts";
import { loadLastCopy, saveLastCopy } from "../../../bot/store/copy/last-copy.ts";
import { copyInOneGo, makeCopy, prepareCopy } from "../../../bot/store/copy/make-copy.ts";
import { comparePresent } from "../../../bot/store/copy/present.ts";
import { replaceDatabase } from "../../../bot/store/copy/put-in-place.ts";
import { writeCopy } from "../../../bot/store/copy/write-copy.ts";
import { DamagedFile } from "../../../bot/store/sqlite/disk-fault.ts";
import { openStore } from "../../../bot/store/store.ts";
import { changeDatabase, pagesOf, zeroPage } from "../../damage.ts";
import { newDatabase } from "../new-database.ts";
import { close, newIncident } from "../new-incident.ts";

const log = openLog("silent");
const at = Date.UTC(2026, 10, 24, 10, 0, 0);

/** A database with an open alarm, an ended one, a position that was deleted, and what a pager keeps. */
async function fill() {
  const path = newDatabase();
  const store = await openStore({ url: `sqlite:${path}`, log });
  await store.write(async (tx) => {
    const position = { lat: 52.123456, lon: 5, accuracyM: 1 };
    const over = await tx.insertIncident(newIncident("over", { position }));
    await tx.updateIncident({ ...close(over), position: null });
    await tx.insertIncident(newIncident("open"));
    await tx.saveSetting("pager-memory", "desk book", "the journal of an alarm centre");
    await tx.saveSetting("secret", "guards", "a key");
  });
  return { path, store, copy: join(dirname(path), "copy.db") };
}

function query(path: string, text: string): unknown {
  using stack = new DisposableStack();
  const database = stack.adopt(new Database(path, { readonly: true }), (each) => each.close());
  return database.prepare(text).pluck().get();
}

describe("a copy beside a bot that has the database open", () => {
  it("has what was on disk when it began, is readable for its owner only, and has its name only when it is whole", async () => {
    const { path, store, copy } = await fill();
    await using _ = store;
    const made = await makeCopy({ from: path, to: copy });
    expect(made.open).toMatchObject([{ id: "open", number: 2, place: "Spreekkamer 3" }]);
    expect(made.isOnSameDisk).toBe(true);
    expect(statSync(copy).mode & 0o777).toBe(0o600);
    expect(statSync(copy).size).toBe(made.size);
    expect(query(copy, "select group_concat(id) from (select id from incidents order by number)")).toBe("over,open");
    expect(query(copy, "pragma journal_mode")).toBe("delete");
    expect(readdirSync(dirname(path)).filter((name) => /unfinished|copy.db./.test(name))).toEqual([]);
    await store.probe();
  });

  it("has nothing of what was deleted, nor what a pager keeps of what it sent; its keys stay", async () => {
    const { path, store, copy } = await fill();
    await using _ = store;
    copyInOneGo(path, copy);
    const text = readFileSync(copy, "latin1");
    for (const gone of ["52.123456", "journal of an alarm centre"]) expect(text).not.toContain(gone);
    expect(text).toContain("a key");
  });

  it("is closed to numbers that may have been given since", async () => {
    const { path, store, copy } = await fill();
    await using _ = store;
    copyInOneGo(path, copy);
    await using copied = await openStore({ url: `sqlite:${copy}`, log });
    const next = await copied.write((tx) => tx.insertIncident(newIncident("next")));
    expect(next.number).toBe(1_003);
  });
});

describe("a copy of a copy", () => {
  it("is as old as the copy, and so is that of one that nothing happened to", async () => {
    const { path, store, copy } = await fill();
    await using _ = store;
    writeCopy(path, copy, at);
    using prepared = prepareCopy(copy, join(dirname(path), "other.db"), null);
    expect(prepared.facts.at).toBe(at);
  });

  it("is as old as the last that happened, where a bot went on with it since, or it was no copy", async () => {
    const { path, store, copy } = await fill();
    const [first, last] = [at + 1_000, at + 2_000];
    await store.write((tx) => tx.appendHistory("open", [{ kind: "cancelled", at: first }]));
    await store[Symbol.asyncDispose]();
    const other = join(dirname(path), "other.db");
    {
      using prepared = prepareCopy(path, other, null);
      expect(prepared.facts.at).toBe(first);
    }
    writeCopy(path, copy, at + 1_500);
    {
      await using copied = await openStore({ url: `sqlite:${copy}`, log });
      await copied.write((tx) => tx.appendHistory("open", [{ kind: "cancelled", at: last }]));
    }
    using prepared = prepareCopy(copy, other, null);
    expect(prepared.facts.at).toBe(last);
  });

  it("holds what only a log beside the file has", async () => {
    const { path, store } = await fill();
    await using _ = store;
    using prepared = prepareCopy(path, join(dirname(path), "other.db"), null);
    expect(prepared.facts.open).toHaveLength(1);
  });
});

describe("no copy, and nothing is left of the attempt", () => {
  async function refused(from: string, to: string): Promise<string> {
    // Whoever reads a database beside nobody leaves its log, without a byte.
    const list = () => readdirSync(dirname(from)).filter((name) => !/-(wal|shm)$/.test(name));
    const before = list();
    const error: unknown = await makeCopy({ from, to }).catch((each: unknown) => each);
    expect(list()).toEqual(before);
    if (!(error instanceof CopyRefused)) throw error;
    return error.fault.reason;
  }

  it("where there is no folder, a folder, or a file with that name, which stays as it is", async () => {
    const { path, store, copy } = await fill();
    await using _ = store;
    expect(await refused(path, join(dirname(path), "absent", "copy.db"))).toBe("no-folder");
    expect(await refused(path, dirname(path))).toBe("folder");
    writeFileSync(copy, "a letter");
    expect(await refused(path, copy)).toBe("exists");
    expect(readFileSync(copy, "utf8")).toBe("a letter");
    expect(await refused(path, path)).toBe("exists");
  });

  it("where there is no database, another kind of file, or a damaged one", async () => {
    const { path, store, copy } = await fill();
    await store[Symbol.asyncDispose]();
    expect(await refused(join(dirname(path), "absent.db"), copy)).toBe("missing");
    const letter = join(dirname(path), "letter");
    writeFileSync(letter, "this is no database, however long it may be. ".repeat(100));
    expect(await refused(letter, copy)).toBe("no-database");
    const other = join(dirname(path), "other.db");
    writeFileSync(other, "");
    changeDatabase(other, "create table letters (text)");
    expect(await refused(other, copy)).toBe("no-database");
    for (const page of pagesOf(path, "incidents")) zeroPage(path, page);
    expect(await refused(path, copy)).toBe("damaged");
  });

  it("where what was copied is not whole when it is looked through", async () => {
    const { path, store, copy } = await fill();
    await store[Symbol.asyncDispose]();
    {
      using stack = new DisposableStack();
      const database = stack.adopt(new Database(path), (each) => each.close()).unsafeMode();
      database.pragma("writable_schema = on");
      // Its rows have none, and are copied as they stand.
      database.exec(
        `update sqlite_schema set sql = replace(sql, '"fixed_place" text', '"fixed_place" text not null')
         where name = 'incidents'`,
      );
    }
    expect(await refused(path, copy)).toBe("damaged");
  });

  it("where the disk has no room for it", async () => {
    const { path, store, copy } = await fill();
    await store[Symbol.asyncDispose]();
    // As large as a file may be, and most of it is not there.
    truncateSync(path, 2 ** 43);
    expect(await refused(path, copy)).toBe("no-space");
  });

  it("where whoever asked for it ends it", async () => {
    const { path, store, copy } = await fill();
    await using _ = store;
    const ending = new AbortController();
    const making = makeCopy({ from: path, to: copy, signal: ending.signal }).catch((each: unknown) => each);
    ending.abort();
    expect(await making).toMatchObject({ fault: { reason: "ended" } });
    expect(readdirSync(dirname(path)).filter((name) => name.startsWith("copy.db"))).toEqual([]);
  });

  it.each([
    ["ENOSPC", "no-space"],
    ["EDQUOT", "no-space"],
    ["SQLITE_FULL", "no-space"],
    ["EROFS", "read-only"],
    ["EACCES", "not-allowed"],
    ["SQLITE_CANTOPEN", "not-allowed"],
    ["SQLITE_CORRUPT_VTAB", "damaged"],
    ["SQLITE_IOERR_WRITE", "refused"],
  ])("where the system says %s", (code, reason) => {
    expect(toCopyFault(Object.assign(new Error("refused"), { code }))).toMatchObject({ reason });
  });

  it("where it is damaged when it is looked through", () => {
    expect(toCopyFault(new DamagedFile("damaged"))).toEqual({ reason: "damaged" });
  });
});

describe("the present database, when a copy is put back", () => {
  it("is kept beside it, with its log, and never written over", async () => {
    const { path, store, copy } = await fill();
    copyInOneGo(path, copy);
    await store.write((tx) => tx.saveSetting("probe", "storage", "after the copy"));
    // As a process leaves it that was killed.
    const files = new Map(["", "-wal"].map((part) => [part, readFileSync(`${path}${part}`)]));
    await store[Symbol.asyncDispose]();
    for (const [part, bytes] of files) writeFileSync(`${path}${part}`, bytes);
    writeFileSync(`${path}.doubted`, "");
    const aside = replaceDatabase(copy, path, new Date(at)) ?? "";
    expect(existsSync(`${path}.doubted`)).toBe(false);
    expect(aside).toBe(`${path}.aside-20261124T100000Z`);
    expect(query(aside, "select value from settings where subject = 'probe'")).toBe("after the copy");
    expect(query(path, "select value from settings where subject = 'probe'")).toBeUndefined();
    expect(readdirSync(dirname(path)).filter((name) => /^rugdekking.db-/.test(name))).toEqual([]);
  });

  it("is none on a new machine", async () => {
    const { path, store, copy } = await fill();
    await store[Symbol.asyncDispose]();
    copyInOneGo(path, copy);
    const folder = join(dirname(path), "new");
    mkdirSync(folder);
    expect(replaceDatabase(copy, join(folder, "rugdekking.db"), new Date(at))).toBeNull();
    expect(query(join(folder, "rugdekking.db"), "select count(*) from incidents")).toBe(2);
  });

  it("tells which alarms came since, and which are over since, also where part of it is damaged", async () => {
    const { path, store, copy } = await fill();
    copyInOneGo(path, copy);
    await store.write(async (tx) => {
      await tx.insertIncident(newIncident("since"));
      const open = await tx.loadIncident("open");
      if (open !== null) await tx.updateIncident(close(open));
    });
    await store[Symbol.asyncDispose]();
    const { isRead, openSince, ended } = comparePresent(path, copy);
    expect(isRead).toBe(true);
    expect(openSince).toMatchObject([{ number: 3, button: "since" }]);
    expect([...ended]).toEqual([["open", { at: expect.any(Number), outcome: "false" }]]);
    changeDatabase(path, "update incidents set body = '{'");
    expect(comparePresent(path, copy).openSince).toMatchObject([{ number: 3 }]);
    writeFileSync(path, "what is left of a disk ".repeat(1_000));
    expect(comparePresent(path, copy)).toMatchObject({ isRead: false, openSince: [] });
  });
});

it("when a database was last copied is noted beside it, and nowhere else", async () => {
  const path = newDatabase();
  expect(await loadLastCopy(path)).toBeNull();
  mkdirSync(dirname(path), { recursive: true });
  saveLastCopy(path, at);
  saveLastCopy(path, at + 60_000);
  expect(await loadLastCopy(path)).toBe(at + 60_000);
  expect(readdirSync(dirname(path))).toEqual(["rugdekking.db.copied"]);
  expect(statSync(`${path}.copied`).mode & 0o777).toBe(0o600);
});
