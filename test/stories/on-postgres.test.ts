import { expect, it } from "vitest";
import { alice, second, startBot } from "../harness.ts";
import { PostgresStorage } from "../storage/postgres/postgres-storage.ts";
import { versions } from "../storage/postgres/server.ts";

it.each(versions)("an alarm outlives a restart on PostgreSQL %s", async (version) => {
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
