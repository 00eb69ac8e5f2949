import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { describe, expect, it } from "vitest";
import { openLog } from "../../../bot/logging/open-log.ts";
import type { Store } from "../../../bot/ports/store/store.ts";
import { openStore } from "../../../bot/store/store.ts";
import { changeByte, countPages, cutFile } from "../../damage.ts";
import { newDatabase } from "../new-database.ts";
import { newIncident } from "../new-incident.ts";

const log = openLog("silent");
const ids = Array.from({ length: 12 }, (_, index) => `019abcde-0000-7000-8000-${String(index).padStart(12, "0")}`);
const due = (store: Store) => store.read((reader) => reader.listDue(1_000_000, 1_000));

async function fill(path: string): Promise<void> {
  await using store = await openStore({ url: `sqlite:${path}`, log });
  await press(store, ids);
}

async function press(store: Store, pressed: readonly string[]): Promise<void> {
  for (const [index, id] of pressed.entries())
    await store.write((tx) => tx.insertIncident(newIncident(id, { nextAt: 1_000 + index })));
}

/** What a process that was killed leaves behind: a copy of its files, with what is open in the log alone. */
async function fillAndKill(path: string): Promise<void> {
  const killed = newDatabase();
  await using store = await openStore({ url: `sqlite:${killed}`, log });
  await press(store, ids);
  mkdirSync(dirname(path), { recursive: true });
  for (const companion of ["", "-wal"]) cpSync(`${killed}${companion}`, `${path}${companion}`);
}

describe("a write-ahead log without its database", () => {
  it.each([
    ["gone", (path: string) => rmSync(path)],
    ["empty", (path: string) => writeFileSync(path, "")],
  ])("when that is %s: it is kept, what is open in it is found, and no new database is made", async (_, lose) => {
    const path = newDatabase();
    await fillAndKill(path);
    lose(path);
    const before = readFileSync(`${path}-wal`);
    await using store = await openStore({ url: `sqlite:${path}`, log });
    expect(await due(store)).toEqual(ids);
    for (const _look of [1, 2, 3]) expect(await store.inspect()).toEqual(["storage-aside"]);
    await expect(store.write((tx) => tx.loadSetting("probe", "a"))).rejects.toThrow("can't be used");
    expect(readFileSync(`${path}-wal`)).toEqual(before);
    expect(existsSync(path) && readFileSync(path).length > 0).toBe(false);
  });

  it("is used again when its database is put back", async () => {
    const path = newDatabase();
    await fillAndKill(path);
    renameSync(path, `${path}.away`);
    await using store = await openStore({ url: `sqlite:${path}`, log });
    renameSync(`${path}.away`, path);
    for (const faults of [["storage-aside"], []]) expect(await store.inspect()).toEqual(faults);
    expect(await due(store)).toEqual(ids);
  });

  it("gives way to a new database once it is taken away", async () => {
    const path = newDatabase();
    await fillAndKill(path);
    rmSync(path);
    await using store = await openStore({ url: `sqlite:${path}`, log });
    renameSync(`${path}-wal`, `${path}-wal.kept`);
    expect(await store.inspect()).toEqual([]);
    expect(await due(store)).toEqual([]);
  });

  it("is read as far as it was committed, and no further than it is sound", async () => {
    const path = newDatabase();
    await fillAndKill(path);
    rmSync(path);
    const whole = readFileSync(`${path}-wal`);
    // Half of the last frame is missing, then the first one is wrong.
    cutFile(`${path}-wal`, whole.length - 2_000);
    {
      await using store = await openStore({ url: `sqlite:${path}`, log });
      expect(await due(store)).toEqual(ids.slice(0, -1));
    }
    changeByte(`${path}-wal`, 100, 0xff);
    await using store = await openStore({ url: `sqlite:${path}`, log });
    await expect(due(store)).rejects.toThrow("can't be used");
  });

  it("is nobody's to look at while another process has the database", async () => {
    const path = newDatabase();
    await fill(path);
    await using store = await openStore({ url: `sqlite:${path}`, log });
    await press(store, ["another"]);
    rmSync(path);
    await expect(openStore({ url: `sqlite:${path}`, log })).rejects.toThrow("in use by another process");
  });
});

describe("a database whose length and header do not agree", () => {
  it("without its last page: what is open is found", async () => {
    const path = newDatabase();
    await fill(path);
    cutFile(path, (countPages(path) - 1) * 4_096);
    await using store = await openStore({ url: `sqlite:${path}`, log });
    expect(await store.inspect()).toEqual(["storage-aside"]);
    expect(await due(store)).toEqual(ids);
  });

  it.each([0xff, 0x05])("with %i as the last byte of its number of pages: what is open is found", async (byte) => {
    const path = newDatabase();
    await fill(path);
    changeByte(path, 31, byte);
    await using store = await openStore({ url: `sqlite:${path}`, log });
    expect(await store.inspect()).toEqual(["storage-aside"]);
    expect(await due(store)).toEqual(ids);
  });
});

describe("a path at which no file stands", () => {
  it("a link that leads nowhere: it listens, makes nothing there, and uses the database once that is back", async () => {
    const path = newDatabase();
    const elsewhere = newDatabase();
    mkdirSync(dirname(path), { recursive: true });
    symlinkSync(elsewhere, path);
    await using store = await openStore({ url: `sqlite:${path}`, log });
    expect(await store.inspect()).toEqual(["storage-aside", "storage-unlocked"]);
    expect(existsSync(elsewhere)).toBe(false);
    await fill(elsewhere);
    for (let look = 0; look < 2; look += 1) await store.inspect();
    expect(await due(store)).toEqual(ids);
  });

  it("a folder or a pipe: it does not start, and says what stands there", async () => {
    const path = newDatabase();
    mkdirSync(path, { recursive: true });
    const advice = "It has to be a file in a folder that this user may write to.";
    await expect(openStore({ url: `sqlite:${path}`, log })).rejects.toThrow(`database: ${path} is a folder. ${advice}`);
    execFileSync("mkfifo", [`${path}/pipe`]);
    await expect(openStore({ url: `sqlite:${path}/pipe`, log })).rejects.toThrow(
      `database: ${path}/pipe is a pipe, a device or the like. ${advice}`,
    );
    await expect(openStore({ url: "sqlite:/dev/null", log })).rejects.toThrow("database: /dev/null is a pipe");
    expect(existsSync("/dev/null.lock")).toBe(false);
  });

  it("a pipe in its place while it runs aside: nothing waits for it", async () => {
    const path = newDatabase();
    await fill(path);
    cutFile(path, 10_000);
    await using store = await openStore({ url: `sqlite:${path}`, log });
    rmSync(path);
    execFileSync("mkfifo", [path]);
    for (const _look of [1, 2, 3]) expect(await store.inspect()).toEqual(["storage-aside"]);
  });
});
