import { expect, it } from "vitest";
import { nl } from "../dutch.ts";
import { alice, second, startBot } from "../harness.ts";
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

it("rule 1: a press whose commit was done and never answered is one alarm, with what went out from memory", {
  timeout: 120_000,
}, async () => {
  const storage = await PostgresStorage.start("18");
  await using bot = await startBot({ storage });
  storage.proxy.cutNextCommits(1);
  expect((await bot.press("0042", { id: "the-same" })).status).toBe(503);
  expect(storage.proxy.cut).toBe(1);
  await bot.expectCard(nl.card.headline.unstored);
  await bot.desk.expectPage("unclaimed");
  await bot.fastForward(2 * second);
  expect(await bot.press("0042", { id: "the-same" })).toMatchObject({ outcome: "duplicate" });
  expect(await bot.read((reader) => reader.listOpen(10))).toMatchObject([{ presses: 1 }]);
});
