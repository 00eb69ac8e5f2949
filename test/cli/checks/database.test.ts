import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "better-sqlite3";
import { afterEach, beforeEach, expect, it } from "vitest";
import { checkDatabase } from "../../../bot/cli/doctor/checks/database.ts";
import { saveLastCopy } from "../../../bot/store/copy/last-copy.ts";
import { newestMigration } from "../../../bot/store/migrations/migrate.ts";
import { openStore } from "../../../bot/store/store.ts";
import { checkUp } from "../../../bot/words/terminal/check-up.ts";
import { load } from "../../config/small.ts";

const words = checkUp.nl;
const log = { info: () => {}, warn: () => {}, error: () => {} };
let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "check-database-"));
  path = join(folder, "rugdekking.db");
});
afterEach(() => rmSync(folder, { recursive: true }));

function check() {
  return checkDatabase({ ...load(), database: `sqlite:${path}` }, words);
}

function change(statement: string): void {
  const database = new Database(path);
  database.exec(statement);
  database.close();
}

it("that is not there yet is made by the first start", async () => {
  expect(await check()).toMatchObject([{ state: "unseen", said: words.database.none }]);
  expect(readdirSync(folder)).toEqual([]);
});

it("is read beside the bot that has it open, and nothing of it changes", async () => {
  await using store = await openStore({ url: `sqlite:${path}`, log });
  await store.write((tx) => tx.saveSetting("probe", "storage", "written"));
  const before = readFileSync(path);
  expect(await check()).toMatchObject([
    { check: "database", state: "good", said: words.database.good(newestMigration) },
    { check: "backup", state: "unseen", said: words.backup.none },
  ]);
  expect(readFileSync(path).equals(before)).toBe(true);
  await store.write((tx) => tx.saveSetting("probe", "storage", "written again"));
});

it("of an older version is brought up to date by the next start, and one of a newer version is not", async () => {
  await (await openStore({ url: `sqlite:${path}`, log }))[Symbol.asyncDispose]();
  change(`delete from kysely_migration where name = '${newestMigration}'`);
  const [older] = await check();
  expect(older).toMatchObject({ state: "good", said: expect.stringContaining("oudere versie (00") });
  change("insert into kysely_migration (name, timestamp) values ('9999-later', '')");
  change("pragma user_version = 9999");
  expect((await check())[0]).toMatchObject({ state: "bad", said: words.database.newer("9999-later") });
});

it("was copied so long ago", async () => {
  await (await openStore({ url: `sqlite:${path}`, log }))[Symbol.asyncDispose]();
  const [day, now] = [24 * 3_600_000, Date.UTC(2026, 10, 24, 9)];
  const ages = [
    [day, "good", words.backup.good("23-11-2026 10:00:00", "24 uur 0 min")],
    [8 * day, "good", words.backup.good("16-11-2026 10:00:00", "8 dagen")],
    [9 * day, "bad", words.backup.old("15-11-2026 10:00:00", "9 dagen")],
  ] as const;
  for (const [age, state, said] of ages) {
    saveLastCopy(path, now - age);
    const configuration = { ...load(), language: "nl" as const, database: `sqlite:${path}` };
    expect((await checkDatabase(configuration, words, now))[1]).toMatchObject({ state, said });
  }
});

it("that is none can't be read", async () => {
  writeFileSync(path, "this is no database, however long it may be");
  expect((await check())[0]).toMatchObject({ state: "unseen", said: words.database.unseen });
});
