import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "better-sqlite3";
import { expect, it, onTestFinished } from "vitest";
import { openLog } from "../../bot/logging/open-log.ts";
import { PageWatch } from "../../bot/store/sqlite/page-watch.ts";
import { startConnector } from "../bench/connector.ts";
import type { Running } from "../bench/process.ts";
import { blockLock, changeByte, changeDatabase, pagesOf, zeroPage } from "../damage.ts";
import type { Desk } from "../fakes/desk.ts";
import { openBot } from "./broken-bot.ts";

/** Longest wait for a card, on a machine that has more to do. */
const patienceMs = 45_000;

/** Waits until so many alarms were paged. */
async function expectPages(desk: Desk, count: number): Promise<void> {
  const seen = new Set<string>();
  while (seen.size < count) seen.add((await desk.expectPage()).incident.id);
}

it.each(["incidents", "incidents_next", "alarms"])(
  "a damaged page of %s: the next process listens, pages what was open and what comes in, and says that it is not ready",
  async (name) => {
    await using bot = await openBot();
    for (const button of ["0042", "0043", "0044"]) expect(await bot.press(button)).toBe(202);
    await bot.kill();
    bot.desk.expectNothing();
    for (const page of pagesOf(bot.database, name)) zeroPage(bot.database, page);
    await bot.start();
    await expectPages(bot.desk, 3);
    expect(await bot.press("0045")).toBe(503);
    await expectPages(bot.desk, 1);
    expect(await bot.isReady()).toBe(false);
    expect(bot.running.log()).toContain('"event":"storage-aside"');
    bot.running.child.kill("SIGTERM");
    expect(await bot.ended()).toBe(0);
  },
);

it("a database that is removed beneath the process: what is open is paged, and the process ends with a code", async () => {
  await using bot = await openBot();
  expect(await bot.press("0042")).toBe(202);
  rmSync(bot.database);
  expect(await bot.ended()).toBe(1);
  expect(bot.desk.pages.map(({ acceptUrl }) => acceptUrl)).toEqual([null]);
});

it("a disk that lets no lock be held: the process listens, and ends with a code once it is well again", async () => {
  await using bot = await openBot();
  expect(await bot.press("0042")).toBe(202);
  await bot.kill();
  rmSync(`${bot.database}.lock`);
  {
    using _blocked = blockLock(bot.database);
    await bot.start();
    await expectPages(bot.desk, 1);
    expect(await bot.press("0043")).toBe(503);
    expect(await bot.isReady()).toBe(false);
  }
  expect(await bot.ended()).toBe(1);
  await bot.start();
  expect(await bot.isReady()).toBe(true);
  expect(await bot.press("0044")).toBe(202);
});

it("a page that is damaged and read by nobody: known within 10 s, and the process ends with a code", async () => {
  await using bot = await openBot();
  expect(await bot.press("0042")).toBe(202);
  await bot.kill();
  await bot.start();
  await expectPages(bot.desk, 1);
  const [page = 0] = pagesOf(bot.database, "usual_places");
  zeroPage(bot.database, page);
  const damagedAt = performance.now();
  expect(await bot.ended()).toBe(1);
  // Four of these seconds are for what is in memory.
  expect(performance.now() - damagedAt).toBeLessThan(14_000);
  expect(bot.running.log()).toContain('"event":"storage-damaged"');
});

it("a table that is whole and out of order: known as well, and the process ends with a code", async () => {
  await using bot = await openBot();
  for (const button of ["0042", "0043", "0044"]) expect(await bot.press(button)).toBe(202);
  await bot.kill();
  await bot.start();
  await expectPages(bot.desk, 3);
  // The first identity is behind all others then, so that nothing finds it.
  const first = String(ask(bot.database, "select min(key) from alarms"));
  changeByte(bot.database, readFileSync(bot.database).indexOf(first), "~".charCodeAt(0));
  expect(await bot.ended()).toBe(1);
  expect(bot.running.log()).toContain('"event":"storage-damaged"');
});

it("a large file with what only a deep look finds: it listens at once, and from then on aside until it is put right", async () => {
  await using bot = await openBot();
  for (const button of ["0042", "0043", "0044"]) expect(await bot.press(button)).toBe(202);
  await bot.kill();
  changeDatabase(bot.database, "create table filling as select zeroblob(68000000) as bytes; drop table filling");
  const first = String(ask(bot.database, "select min(key) from alarms"));
  const behindAll = `~${first.slice(1)}`;
  changeByte(bot.database, readFileSync(bot.database).indexOf(first), behindAll.charCodeAt(0));
  await bot.start();
  expect(await bot.press("0045")).toBe(202);
  expect(await bot.ended()).toBe(1);
  expect(bot.running.log()).toContain('"event":"storage-damaged"');
  changeDatabase(bot.database, "pragma wal_checkpoint(truncate)");
  await bot.start();
  expect(bot.running.log()).toContain('"event":"storage-aside"');
  expect(await bot.press("0046")).toBe(503);
  await expectPages(bot.desk, 4);
  changeByte(bot.database, readFileSync(bot.database).indexOf(behindAll), first.charCodeAt(0));
  expect(await bot.ended()).toBe(1);
  expect(bot.running.log()).toContain('"event":"storage-whole"');
  await bot.start();
  expect(await bot.isReady()).toBe(true);
  expect(await bot.press("0047")).toBe(202);
});

it("a shallow look that finds nothing does not say that a file is whole, and a deep one does", async () => {
  const folder = mkdtempSync(join(tmpdir(), "disk-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, "any.db");
  const rows = "insert into words values ('aaaa'), ('bbbb')";
  changeDatabase(path, `create table words (word text primary key) without rowid; ${rows}`);
  const at = readFileSync(path).lastIndexOf("aaaa");
  changeByte(path, at, "c".charCodeAt(0));
  const found: string[] = [];
  const looks = { onDamage: () => found.push("damage"), onWhole: () => found.push("whole") };
  await using _watch = new PageWatch({ path, log: openLog("silent"), ...looks });
  await expect.poll(() => found).toEqual(["damage", "damage"]);
  changeByte(path, at, "a".charCodeAt(0));
  await expect.poll(() => found).toContain("whole");
});

it("a disk that takes no checkpoint: presses are taken, it is known within 10 s, and it is over when one is taken", async () => {
  await using bot = await openBot(undefined, badDisk("checkpoint", { BAD_DISK_AT_ONCE: "yes" }));
  const behind = 'rugdekking_troubles{kind="storage-behind"} 1';
  expect(await bot.press("0042")).toBe(202);
  await expect.poll(() => bot.metrics(), { timeout: 10_000 }).toContain(behind);
  expect(bot.running.log()).toContain('"event":"checkpoint-failed"');
  // As much waits by then as fills a disk sooner or later.
  expect(await bot.isReady()).toBe(false);
  expect(await bot.press("0043")).toBe(202);
  bot.running.child.kill("SIGWINCH");
  await expect.poll(() => bot.metrics()).not.toContain(behind);
  await expect.poll(() => bot.isReady()).toBe(true);
  bot.running.child.kill("SIGTERM");
  expect(await bot.ended()).toBe(0);
});

it("SIGTERM in the middle of a look through the pages: the process ends as ever, and leaves one file", async () => {
  await using bot = await openBot();
  expect(await bot.press("0042")).toBe(202);
  const looking = toLooking(bot.running);
  // It answers nothing and hears nothing, as with a disk that hangs.
  process.kill(looking, "SIGSTOP");
  const stoppedAt = performance.now();
  bot.running.child.kill("SIGTERM");
  expect(await bot.ended()).toBe(0);
  expect(performance.now() - stoppedAt).toBeLessThan(5_000);
  expect(existsSync(`${bot.database}-wal`)).toBe(false);
  await expect.poll(() => isThere(looking)).toBe(false);
});

it("who looks through the pages ends with a process that is killed", async () => {
  await using bot = await openBot();
  const looking = toLooking(bot.running);
  await bot.running.kill();
  await expect.poll(() => isThere(looking)).toBe(false);
});

it("a disk whose sync hangs: the card is posted from memory, and the press goes on on it once it is written", async () => {
  await using teams = await startConnector();
  await using bot = await openBot(teams.url, badDisk("sync"));
  expect(await bot.press("0042", "Kamer 42")).toBe(202);
  expect(await teams.waitFor(["Kamer 42"], patienceMs)).toEqual([]);
  // The next sync is that of the next press, and no other press waits for it.
  const written = () => [count(bot.database, "boards"), count(bot.database, "outbox")];
  await expect.poll(written).toEqual([1, 0]);
  bot.running.child.kill("SIGUSR2");
  await expect.poll(() => bot.running.log()).toContain("sync hangs");
  const answer = bot.press("0043", "Kamer 43");
  expect(await teams.waitFor(["Kamer 43"], patienceMs)).toEqual([]);
  expect(await answer).toBe(503);
  bot.running.child.kill("SIGUSR2");
  // The sender tries again, as it was told.
  await expect.poll(() => bot.press("0043", "Kamer 43")).toBe(202);
  await expect.poll(() => count(bot.database, "boards")).toBe(2);
  await bot.running.kill();
  await bot.start();
  expect(await bot.press("0044", "Kamer 44")).toBe(202);
  expect(await teams.waitFor(["Kamer 44"], patienceMs)).toEqual([]);
  expect([...teams.arrived].map(([place, { times }]) => [place, times])).toEqual([
    ["Kamer 42", 1],
    ["Kamer 43", 1],
    ["Kamer 44", 1],
  ]);
  // From memory; no other page is due yet.
  expect(bot.desk.pages.map(({ incident }) => incident.place)).toEqual(["Kamer 43"]);
});

it("a sync that fails: the press goes out from memory, the process ends with a code, and the next one takes presses", async () => {
  await using bot = await openBot(undefined, badDisk("sync"));
  expect(await bot.press("0042", "Kamer 42")).toBe(202);
  bot.running.child.kill("SIGWINCH");
  await expect.poll(() => bot.running.log()).toContain("sync fails");
  expect(await bot.press("0043", "Kamer 43")).toBe(503);
  expect(await bot.ended()).toBe(1);
  expect(bot.running.log()).toContain('"event":"storage-lost-sync"');
  expect(bot.desk.pages.map(({ incident }) => incident.place)).toEqual(["Kamer 43"]);
  await bot.start();
  expect(await bot.press("0044", "Kamer 44")).toBe(202);
});

it.each(["begin", "read", "write", "commit", "checkpoint"])(
  "a disk that hangs in a %s: presses are refused in time and go out from memory once, and the process answers",
  async (what) => {
    await using teams = await startConnector();
    await using bot = await openBot(teams.url, badDisk(what));
    expect(await bot.press("0042", "Kamer 42")).toBe(202);
    expect(await teams.waitFor(["Kamer 42"], patienceMs)).toEqual([]);
    bot.running.child.kill("SIGUSR2");
    await expect.poll(() => bot.running.log()).toContain(`${what} hangs`);
    // A checkpoint is made now and then.
    if (what === "checkpoint") await expect.poll(() => bot.isReady(), { timeout: patienceMs }).toBe(false);
    const answer = bot.press("0043", "Kamer 43");
    expect(await bot.isAlive()).toBe(true);
    expect(await teams.waitFor(["Kamer 43"], patienceMs)).toEqual([]);
    expect(await answer).toBe(503);
    expect(await bot.isAlive()).toBe(true);
    bot.running.child.kill("SIGUSR2");
    await expect.poll(() => bot.press("0044", "Kamer 44"), { timeout: patienceMs }).toBe(202);
    expect(await teams.waitFor(["Kamer 44"], patienceMs)).toEqual([]);
    expect(teams.arrived.get("Kamer 43")?.times).toBe(1);
  },
);

it("a disk that hangs in a read: what asks for figures is answered without what only the disk knows", async () => {
  await using bot = await openBot(undefined, badDisk("read"));
  expect(await bot.press("0042", "Kamer 42")).toBe(202);
  bot.running.child.kill("SIGUSR2");
  await expect.poll(() => bot.running.log()).toContain("read hangs");
  const unread = 'rugdekking_troubles{kind="storage-unread"} 1';
  await expect.poll(() => bot.metrics(), { timeout: patienceMs }).toContain(unread);
  expect(await bot.metrics()).not.toContain("rugdekking_open_incidents 1");
  bot.running.child.kill("SIGUSR2");
  await expect.poll(() => bot.metrics(), { timeout: patienceMs }).toContain("rugdekking_open_incidents 1");
});

it.each(["begin", "commit"])(
  "a disk that hangs in a %s: a page that falls due meanwhile goes out, once",
  async (what) => {
    await using bot = await openBot(undefined, badDisk(what));
    expect(await bot.press("0042", "Kamer 42", "hasty")).toBe(202);
    bot.running.child.kill("SIGUSR2");
    await expect.poll(() => bot.running.log()).toContain(`${what} hangs`);
    expect(bot.desk.pages).toEqual([]);
    await expectPages(bot.desk, 1);
    expect(await bot.press("0043", "Kamer 43")).toBe(503);
    bot.running.child.kill("SIGUSR2");
    await expect.poll(() => bot.press("0044", "Kamer 44"), { timeout: patienceMs }).toBe(202);
    const ofFirst = bot.desk.pages.filter(({ incident }) => incident.place === "Kamer 42");
    expect(ofFirst.map(({ reason }) => reason)).toEqual(["unclaimed"]);
  },
);

it("a disk that hangs does not keep the process alive after SIGTERM", async () => {
  await using bot = await openBot(undefined, badDisk("commit"));
  expect(await bot.press("0042", "Kamer 42")).toBe(202);
  bot.running.child.kill("SIGUSR2");
  await expect.poll(() => bot.running.log()).toContain("commit hangs");
  expect(await bot.press("0043", "Kamer 43")).toBe(503);
  bot.running.child.kill("SIGTERM");
  expect(await bot.ended()).not.toBe(0);
});

function badDisk(what: string, more: Readonly<Record<string, string>> = {}) {
  return { NODE_OPTIONS: "--import ./test/crash/bad-disk.ts", BAD_DISK: what, ...more };
}

/** How many alarms have their card, or how much has to go out, as far as the disk knows. */
function count(path: string, table: "boards" | "outbox"): unknown {
  return ask(path, `select count(*) from ${table}`);
}

function ask(path: string, question: string): unknown {
  const database = new Database(path, { readonly: true });
  try {
    return database.prepare(question).pluck().get();
  } finally {
    database.close();
  }
}

/** The process that looks through the pages for another. */
function toLooking({ child: { pid } }: Running): number {
  return Number(readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8"));
}

function isThere(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
