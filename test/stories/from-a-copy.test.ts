import { copyFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Outcome } from "../../bot/domain/incident/incident.ts";
import { saveEnded, writeCopy } from "../../bot/store/copy/write-copy.ts";
import { moveDatabase } from "../../bot/store/move/move-database.ts";
import { copy as copyWords } from "../../bot/words/shared/copy.ts";
import { nl, shown } from "../dutch.ts";
import { alice, type Bot, bob, hour, minute, second, startBot, startWithAlarm } from "../harness.ts";
import { newPostgres } from "../storage/postgres/new-postgres.ts";
import { PostgresStorage } from "../storage/postgres/postgres-storage.ts";
import { versions } from "../storage/postgres/server.ts";

const words = copyWords.nl.mayBeOver("10:00");

/** Copies the database beside the bot that has it open, as `npm run backup` does. */
function copy(bot: Bot): string {
  const file = join(bot.folder, "copy.db");
  writeCopy(join(bot.folder, "rugdekking.db"), file, bot.clock.now());
  return file;
}

/** The machine is lost; so long afterwards the copy is put in its place, and somebody may have said what is over. */
async function putBack(bot: Bot, file: string, ms: number, ended: Readonly<Record<string, Outcome>> = {}) {
  await bot.stop();
  bot.desk.ignoreRest();
  bot.phone.ignoreRest();
  const database = join(bot.folder, "rugdekking.db");
  for (const part of ["-wal", "-shm"]) rmSync(`${database}${part}`, { force: true });
  copyFileSync(file, database);
  saveEnded(database, ended);
  bot.clock.to(bot.clock.now() + ms);
  await bot.start();
  await bot.fastForward(second);
}

it("rule 29: an alarm that was open then goes on, and security is paged at once, with words that it may be over", async () => {
  await using bot = await startWithAlarm();
  await bot.click(alice, bot.card, "claim");
  const file = copy(bot);
  await bot.click(alice, bot.card, "arrive");
  await bot.fastForward(20 * minute);
  const before = new Set([...bot.desk.pages, ...bot.phone.pages].map(({ key }) => key));
  await putBack(bot, file, 5 * hour);
  for (const desk of [bot.desk, bot.phone]) {
    const page = await desk.expectPage("repeat");
    expect(before.has(page.key)).toBe(false);
    expect(page.copy).toBe(words);
    const shownToGuard = await bot.guardPage(page);
    expect(shownToGuard).toContain(copyWords.nl.sentence(words));
    // Nobody knows that.
    expect(shownToGuard).not.toContain(nl.guardView.reason.repeat);
  }
  expect(bot.card.text).toContain(words);
  expect(bot.card.text).toContain(shown(nl.card.headline.delivered));
  // Who promised is asked anew.
  expect(bot.teams.told.filter(({ to }) => to === alice.teamsId)).toHaveLength(2);
  expect((await bot.events(bot.card.incident)).filter((kind) => kind === "returned")).toHaveLength(1);
  expect(bot.lines.filter(({ event }) => event === "incident-returned")).toHaveLength(1);
  // The channel has cards of rounds that nobody knows of any more.
  await bot.restart();
  for (const desk of [bot.desk, bot.phone]) desk.expectNothing();
  expect((await bot.events(bot.card.incident)).filter((kind) => kind === "returned")).toHaveLength(1);
});

it("rule 29: it goes on under rule 14 until somebody closes it, and the words go once somebody answers", async () => {
  await using bot = await startWithAlarm();
  const file = copy(bot);
  await putBack(bot, file, hour);
  await bot.desk.expectPage("repeat");
  await bot.phone.expectPage("repeat");
  await bot.fastForward(3 * minute);
  expect((await bot.desk.expectPage("repeat")).copy).toBe(words);
  await bot.phone.expectPage("repeat");
  const { text } = await bot.click(bob, bot.card, "claim");
  expect(text).not.toContain(words);
  await bot.click(bob, bot.card, "arrive");
  await bot.click(bob, bot.card, "resolve", "real");
  await bot.fastForward(second);
  expect(bot.card.text).toContain(nl.card.headline.closed.real);
  bot.desk.ignoreRest();
  bot.phone.ignoreRest();
  await bot.restartAndExpectNothingElse();
});

it("rule 29: another day stands in the words", async () => {
  await using bot = await startWithAlarm();
  const file = copy(bot);
  await putBack(bot, file, 20 * hour);
  expect((await bot.desk.expectPage("repeat")).copy).toBe(copyWords.nl.mayBeOver("24-11-2026 10:00"));
  await bot.phone.expectPage("repeat");
});

it("rule 29: what a person said is over ends, and no other; who was paged is told", async () => {
  await using bot = await startBot();
  const over = (await bot.press("0042")).incident ?? "";
  await bot.press("0051");
  const [closed, open] = [await bot.expectCard("Spreekkamer 3"), await bot.expectCard("Balie")];
  await bot.fastForward(2 * minute);
  const file = copy(bot);
  await putBack(bot, file, hour, { [over]: "false" });
  expect(bot.look(closed).text).toContain(nl.card.headline.closed.false);
  expect(bot.look(closed).text).toContain(nl.card.remark.byRole.operator);
  expect(bot.look(open).text).toContain(copyWords.nl.mayBeOver("10:02"));
  const reasons = bot.desk.pages.slice(-2).map(({ incident, reason }) => `${incident.place} ${reason}`);
  expect(reasons.sort()).toEqual(["Balie repeat", "Spreekkamer 3 call-off"]);
  bot.desk.ignoreRest();
  bot.phone.ignoreRest();
  await bot.restartAndExpectNothingElse();
});

it("rule 29: a press after it is no alarm of the copy, and has a number that none had meanwhile", async () => {
  await using bot = await startWithAlarm();
  const file = copy(bot);
  await bot.press("0051");
  await bot.expectCard("Balie");
  await putBack(bot, file, hour);
  bot.desk.ignoreRest();
  bot.phone.ignoreRest();
  const { incident } = await bot.press("0051");
  const opened = await bot.read((reader) => reader.loadIncident(incident ?? ""));
  expect(opened?.number).toBe(1_002);
  expect(opened?.returned).toBeUndefined();
  // The alarm that goes on is known to be one once it is pressed again.
  await bot.press("0042");
  await bot.fastForward(second);
  expect(bot.card.text).not.toContain(words);
});

/** How often the log told of a database that was put back. */
function told({ lines }: Bot): number {
  return lines.filter(({ event }) => event === "database-put-back").length;
}

function keysOf({ desk, phone }: Bot): string[] {
  return [...desk.pages, ...phone.pages].map(({ key }) => key);
}

describe.each(versions)("on PostgreSQL %s", { timeout: 120_000 }, (version) => {
  it("rule 29: what is open in a dump that is put back goes on under new keys, as with a file", async () => {
    const storage = await PostgresStorage.start(version);
    await using bot = await (await startBot({ storage })).open();
    await bot.fastForward(minute);
    bot.desk.ignoreRest();
    bot.phone.ignoreRest();
    await bot.stop();
    const dump = await storage.copy(version);
    await bot.start();
    await bot.press("0051");
    await bot.expectCard("Balie");
    await bot.fastForward(7 * minute);
    await bot.restart();
    expect(told(bot)).toBe(0);
    bot.desk.ignoreRest();
    bot.phone.ignoreRest();
    const before = new Set(keysOf(bot));
    await bot.stop();
    await dump.putBack();
    bot.clock.to(bot.clock.now() + 5 * hour);
    await bot.start();
    await bot.fastForward(second);
    for (const desk of [bot.desk, bot.phone]) {
      const page = await desk.expectPage("repeat");
      expect(before.has(page.key)).toBe(false);
      expect(page.copy).toBe(copyWords.nl.mayBeOver("10:01"));
    }
    expect(bot.card.text).toContain(copyWords.nl.mayBeOver("10:01"));
    expect(told(bot)).toBe(1);
    const { incident } = await bot.press("0051");
    expect(await bot.read((reader) => reader.loadIncident(incident ?? ""))).toMatchObject({ number: 1_002 });
    await bot.expectCard("Balie");
    bot.desk.ignoreRest();
    bot.phone.ignoreRest();
    // The channel has cards of rounds that nobody knows of any more.
    await bot.restart();
    for (const desk of [bot.desk, bot.phone]) desk.expectNothing();
    expect(told(bot)).toBe(1);
  });
});

describe("a file that is moved to PostgreSQL", { timeout: 120_000 }, () => {
  it("was not put back: what is open goes on under the keys that it had", async () => {
    await using bot = await startWithAlarm();
    await bot.fastForward(minute);
    bot.desk.ignoreRest();
    bot.phone.ignoreRest();
    await bot.stop();
    const to = await newPostgres("18", "empty");
    await moveDatabase({ from: join(bot.folder, "rugdekking.db"), to, onProgress: () => {} });
    for (const _start of ["first", "second"]) {
      await bot.start({ database: to });
      await bot.fastForward(second);
      for (const desk of [bot.desk, bot.phone]) desk.expectNothing();
      await bot.stop();
    }
    expect(told(bot)).toBe(0);
  });

  it("rule 29: was a copy and is one still", async () => {
    await using bot = await startWithAlarm();
    const from = copy(bot);
    await bot.stop();
    const to = await newPostgres("18", "empty");
    await moveDatabase({ from, to, onProgress: () => {} });
    bot.clock.to(bot.clock.now() + hour);
    for (const _start of ["first", "second"]) {
      await bot.start({ database: to });
      await bot.fastForward(second);
      expect(told(bot)).toBe(1);
      await bot.stop();
    }
    for (const desk of [bot.desk, bot.phone]) {
      expect((await desk.expectPage("repeat")).copy).toBe(words);
      desk.expectNothing();
    }
  });
});
