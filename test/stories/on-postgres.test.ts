import { expect, it } from "vitest";
import { nl } from "../dutch.ts";
import { alice, minute, second, startBot } from "../harness.ts";
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
    expect((await bot.press("0042", { id: "the-same" })).status).toBe(503);
    await bot.expectCard(nl.card.headline.unstored);
    await bot.desk.expectPage("unclaimed");
  }
  await bot.fastForward(2 * second);
  expect(await bot.press("0042", { id: "the-same" })).toMatchObject({ outcome: "duplicate" });
  expect(await bot.read((reader) => reader.listOpen(10))).toMatchObject([{ presses: 1 }]);
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
    expect((await bot.press("0042", { id: "the-same" })).status).toBe(503);
    expect(storage.proxy.cut).toBe(1);
    await bot.expectCard(nl.card.headline.unstored);
    await bot.desk.expectPage("unclaimed");
  }
  await bot.fastForward(2 * second);
  expect(await bot.press("0042", { id: "the-same" })).toMatchObject({ outcome: "duplicate" });
  expect(await bot.read((reader) => reader.listOpen(10))).toMatchObject([{ presses: 1 }]);
});
