import { expect, it } from "vitest";
import { nl } from "../dutch.ts";
import { alice, type Bot, minute, second, startBot } from "../harness.ts";
import { PostgresStorage } from "../storage/postgres/postgres-storage.ts";
import { versions } from "../storage/postgres/server.ts";

it.each(versions)("an alarm outlives a restart on PostgreSQL %s", { timeout: 120_000 }, async (version) => {
  await using bot = await startBot({ storage: await PostgresStorage.start(version) });
  await bot.press("0042");
  const card = await bot.expectCard("Spreekkamer 3");
  await bot.click(alice, card, "claim");
  await bot.fastForward(second);
  await bot.restartAndExpectNothingElse();
  expect(await bot.read((reader) => reader.listOpen(10))).toMatchObject([{ id: card.incident, number: 1 }]);
  expect(await bot.events(card.incident)).toContain("claimed");
  expect(bot.look(card).text).toContain("Onderweg: Alice Jansen");
});

it("rule 1: PostgreSQL is away: 503, a card and a page from memory, and one alarm once it is back", {
  timeout: 120_000,
}, async () => {
  await using bot = await startBot({ storage: await PostgresStorage.start("18") });
  {
    using _away = bot.holdDisk();
    await expectOutFromMemory(bot, await bot.press("0042", { id: "the-same" }));
  }
  await expectOneAlarm(bot);
});

it("a press whose commit was done and never answered is taken as any other", { timeout: 120_000 }, async () => {
  const storage = await PostgresStorage.start("18");
  await using bot = await startBot({ storage });
  storage.proxy.cutNextCommits(1);
  expect(await bot.press("0042")).toMatchObject({ status: 202, outcome: "opened" });
  expect(storage.proxy.cut).toBe(1);
  await bot.expectCard("Spreekkamer 3");
  await bot.restartAndExpectNothingElse();
});

it("a page whose commit was done and never answered goes out at its moment", { timeout: 120_000 }, async () => {
  const storage = await PostgresStorage.start("18");
  await using bot = await startBot({ storage });
  // Nothing else is written at that moment.
  await bot.fastForward(2 * second);
  await bot.press("0042");
  await bot.expectCard("Spreekkamer 3");
  await bot.fastForward(minute - 1);
  storage.proxy.cutNextCommits(1);
  await bot.fastForward(1);
  expect(storage.proxy.cut).toBe(1);
  await bot.desk.expectPage("unclaimed");
  await bot.restartAndExpectNothingElse();
});

it("rule 1: where PostgreSQL stays away after that it is one alarm, with what went out from memory", {
  timeout: 120_000,
}, async () => {
  const storage = await PostgresStorage.start("18");
  await using bot = await startBot({ storage });
  {
    using _away = storage.proxy.refuseAfterCommit();
    await expectOutFromMemory(bot, await bot.press("0042", { id: "the-same" }));
    expect(storage.proxy.cut).toBe(1);
  }
  await expectOneAlarm(bot);
});

it("rule 1: PostgreSQL crashes under a press and starts again: one alarm, with what went out from memory", {
  timeout: 120_000,
}, async () => {
  const { storage, server } = await PostgresStorage.startAlone("18");
  await using bot = await startBot({ storage });
  const beside = storage.connect("rugdekking");
  await beside.script("begin; lock table outbox in exclusive mode");
  const pressing = bot.press("0042", { id: "the-same" });
  await untilItWaits(storage);
  await server.crash();
  await expectOutFromMemory(bot, await pressing);
  await server.startAgain();
  await expectOneAlarm(bot);
  await beside.close();
});

it("rule 1: PostgreSQL ends a press because of a deadlock (40P01): it is taken at once again", {
  timeout: 120_000,
}, async () => {
  const storage = await PostgresStorage.start("18");
  const beside = storage.connect("postgres");
  // It is the bot that looks for deadlocks.
  await beside.script("set deadlock_timeout = '1h'");
  const name = new URL(storage.url).pathname.slice(1);
  await beside.script(`alter database ${name} set deadlock_timeout = '2s'`);
  await using bot = await startBot({ storage });
  await beside.script("begin; lock table outbox in exclusive mode");
  const pressing = bot.press("0042", { id: "the-same" });
  await untilItWaits(storage);
  // It waits for the bot, which is ended for it.
  await beside.script("select from owner for update");
  await beside.script("rollback");
  await beside.close();
  expect(await pressing).toMatchObject({ status: 202 });
  await bot.expectCard(nl.card.headline.open);
  expect(await bot.press("0042", { id: "the-same" })).toMatchObject({ outcome: "duplicate" });
  expect(await bot.read((reader) => reader.listOpen(10))).toMatchObject([{ presses: 1 }]);
});

/** Waits until the bot waits for a lock. */
async function untilItWaits(storage: PostgresStorage): Promise<void> {
  const beside = storage.connect("postgres");
  const asked = `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
  await expect.poll(async () => (await beside.query(asked, [])).rows.length, { timeout: 50_000 }).toBe(1);
  await beside.close();
}

async function expectOutFromMemory(bot: Bot, { status }: { status: number }): Promise<void> {
  expect(status).toBe(503);
  await bot.expectCard(nl.card.headline.unstored);
  await bot.desk.expectPage("unclaimed");
}

/** Once the database takes it again. */
async function expectOneAlarm(bot: Bot): Promise<void> {
  await bot.fastForward(2 * second);
  expect(await bot.press("0042", { id: "the-same" })).toMatchObject({ outcome: "duplicate" });
  expect(await bot.read((reader) => reader.listOpen(10))).toMatchObject([{ presses: 1 }]);
  bot.expectNoCard();
  bot.desk.expectNothing();
}
