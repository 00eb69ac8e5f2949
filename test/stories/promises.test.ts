import { expect, it } from "vitest";
import { line, mention, nl } from "../dutch.ts";
import {
  alice,
  type Bot,
  bob,
  building,
  type CardInHand,
  carol,
  minute,
  second,
  startBot,
  startWithAlarm,
} from "../harness.ts";

const tell = building.steps[0];

/** The colour of the banner on top of the newest card. */
function colourOf(bot: Bot, card: CardInHand): unknown {
  const content = bot.look(card).posted.shown.at(-1)?.attachments?.[0]?.content;
  return (content as { body?: { style?: string }[] } | undefined)?.body?.[0]?.style;
}

it("rule 10: nobody there in time: the card turns red and security is paged, whoever else is coming", async () => {
  await using bot = await startWithAlarm();
  await bot.fastForward(10 * second);
  await bot.click(alice, bot.card, "claim");
  await bot.fastForward(90 * second);
  await bot.click(bob, bot.card, "claim");
  await bot.fastForward(30 * second - 1);
  bot.desk.expectNothing();
  bot.phone.expectNothing();
  expect(colourOf(bot, bot.card)).toBe("warning");
  await bot.fastForward(1);
  await bot.desk.expectPage("lapsed");
  await bot.fastForward(2 * second);
  expect(colourOf(bot, bot.card)).toBe("attention");
  const now = bot.card;
  expect(now.text).toContain(nl.card.headline.lapsed);
  expect(now.text).toContain(line("late", alice, bob));
  expect(now.thread.join("\n")).toContain(nl.thread.ask.lapsed(mention(alice, bob)));
});

it("rule 10: those who promised are mentioned when they are late, nobody else", async () => {
  await using bot = await startWithAlarm();
  await bot.click(carol, bot.card, "claim");
  await bot.fastForward(2 * minute + second);
  const late = bot.teams.replies.find((reply) => reply.body.text?.includes(nl.thread.ask.lapsed(mention(carol))));
  expect(late?.body.entities?.map((entity) => entity.mentioned?.id)).toEqual([carol.teamsId]);
});

it("rule 10: claimed at 50 s, lapsed at 170 s: the page that was held at 60 s goes, and the next one too", async () => {
  await using bot = await startWithAlarm();
  await bot.fastForward(50 * second);
  await bot.click(alice, bot.card, "claim");
  await bot.fastForward(120 * second - 1);
  bot.desk.expectNothing();
  expect(await bot.events(bot.card.incident)).toContain("page-held");
  await bot.fastForward(1);
  await bot.desk.expectPage("lapsed");
});

it("rule 10: the first page step that was not sent yet is the one that is due", async () => {
  const steps = [tell, { after: "60s", page: "desk" }, { after: "600s", page: "phone" }];
  await using bot = await startWithAlarm({ policy: { steps } });
  await bot.fastForward(minute);
  await bot.desk.expectPage("unclaimed");
  await bot.click(alice, bot.card, "claim");
  await bot.desk.expectPage("update");
  await bot.fastForward(2 * minute - 1);
  bot.phone.expectNothing();
  await bot.fastForward(1);
  await bot.phone.expectPage("lapsed");
  bot.desk.expectNothing();
});

it("rule 10: the promise counts from the round's first claim, also when that one was given back", async () => {
  await using bot = await startWithAlarm();
  await bot.click(alice, bot.card, "claim");
  await bot.fastForward(30 * second);
  await bot.click(carol, bot.card, "claim");
  await bot.click(alice, bot.card, "decline");
  await bot.fastForward(90 * second - 1);
  bot.desk.expectNothing();
  await bot.fastForward(1);
  await bot.desk.expectPage("lapsed");
});

it("rule 10: somebody who arrives in time keeps the promise for all", async () => {
  await using bot = await startWithAlarm();
  await bot.click(alice, bot.card, "claim");
  await bot.fastForward(119 * second);
  await bot.click(carol, bot.card, "arrive");
  await bot.fastForward(5 * minute);
  bot.desk.expectNothing();
  bot.phone.expectNothing();
  expect(await bot.events(bot.card.incident)).not.toContain("lapsed");
});

it("rule 10: a later claim does not make it good, an arrival after the lapse does", async () => {
  const steps = [tell, { after: "60s", page: "desk" }, { after: "300s", page: "phone" }];
  await using bot = await startWithAlarm({ policy: { steps } });
  await bot.click(alice, bot.card, "claim");
  await bot.fastForward(2 * minute);
  await bot.desk.expectPage("lapsed");
  await bot.click(bob, bot.card, "claim");
  await bot.desk.expectPage("update");
  await bot.fastForward(second);
  expect(bot.card.text).toContain(nl.card.headline.lapsed);
  await bot.click(alice, bot.card, "arrive");
  await bot.fastForward(second);
  expect(bot.card.text).toContain(nl.card.headline.there);
  expect(colourOf(bot, bot.card)).toBe("good");
  await bot.fastForward(4 * minute);
  bot.phone.expectNothing();
});

it("rule 10: lapses once in a round, and again in the next one", async () => {
  await using bot = await startWithAlarm();
  await bot.click(alice, bot.card, "claim");
  await bot.fastForward(2 * minute);
  await bot.desk.expectPage("lapsed");
  await bot.click(bob, bot.card, "arrive");
  await bot.fastForward(minute);
  await bot.press("0042");
  await bot.click(alice, bot.card, "claim");
  bot.desk.ignoreRest();
  await bot.fastForward(2 * minute - 1);
  bot.desk.expectNothing();
  await bot.fastForward(1);
  expect((await bot.desk.expectPage("lapsed")).page).toBe(`${bot.card.incident}-2-1`);
});

it("rule 10: a promise that ran out while the process was down is due at its next start", async () => {
  await using bot = await startWithAlarm();
  await bot.click(alice, bot.card, "claim");
  await bot.stop();
  bot.clock.to(bot.clock.now() + 10 * minute);
  await bot.start();
  await bot.desk.expectPage("lapsed");
});

it("rule 10: arriveWithin of the policy counts", async () => {
  await using bot = await startBot({ policy: { arriveWithin: "45s" } });
  await bot.press("0042");
  await bot.click(alice, await bot.expectCard("Spreekkamer 3"), "claim");
  await bot.fastForward(45 * second - 1);
  bot.desk.expectNothing();
  await bot.fastForward(1);
  await bot.desk.expectPage("lapsed");
});
