import { expect, it } from "vitest";
import { nl } from "../dutch.ts";
import { alice, bob, minute, second, startBot } from "../harness.ts";

const noPeople = { people: undefined };

it("without a roster a card rings nobody and says so, until somebody comes upon it", async () => {
  await using bot = await startBot({ settings: noPeople });
  await bot.press("0051");
  const card = await bot.expectCard("Balie");
  expect(bot.teams.direct).toEqual([]);
  expect(card.text).toContain(nl.card.remark.nobodyRung);
  expect((await bot.click(alice, card, "claim")).text).not.toContain(nl.card.remark.nobodyRung);
  expect((await bot.click(alice, card, "decline")).text).toContain(nl.card.remark.nobodyRung);
  expect((await bot.click(bob, card, "arrive")).text).not.toContain(nl.card.remark.nobodyRung);
  await bot.click(bob, card, "resolve", "real");
  await bot.fastForward(second);
  expect(bot.look(card).text).not.toContain(nl.card.remark.nobodyRung);
});

it("with a roster it says nothing of the kind, also when nobody is on duty", async () => {
  await using bot = await startBot();
  await bot.press("0051");
  expect((await bot.expectCard("Balie")).text).not.toContain(nl.card.remark.nobodyRung);
  await bot.restart({ people: [] });
  await bot.press("0042");
  const card = await bot.expectCard("Spreekkamer 3");
  expect(card.text).toContain(nl.card.remark.nobodyOnDuty);
  expect(card.text).not.toContain(nl.card.remark.nobodyRung);
  await bot.desk.expectPage("nobody-on-duty");
  await bot.fastForward(minute);
  bot.desk.ignoreRest();
  bot.phone.ignoreRest();
});
