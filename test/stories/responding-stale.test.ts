import { expect, it } from "vitest";
import type { ClickVerb } from "../../bot/domain/incident/command.ts";
import { line, nl } from "../dutch.ts";
import {
  alice,
  type Bot,
  bob,
  type CardInHand,
  carol,
  lea,
  minute,
  second,
  startBot,
  startWithAlarm,
} from "../harness.ts";

const verbs = ["claim", "decline", "arrive", "witness", "help", "check-in", "resolve"] as const satisfies ClickVerb[];

/** The incident's lines in the record and the card in the channel, once nothing is under way. */
async function stateOf(bot: Bot, card: CardInHand) {
  await bot.fastForward(2 * second);
  return { shown: bot.look(card), events: await bot.events(card.incident) };
}

it.each(verbs)("rule 8: %s on a closed incident changes nothing and brings the closed card", async (verb) => {
  await using bot = await startWithAlarm();
  await bot.click(lea, bot.card, "resolve", "false");
  const before = await stateOf(bot, bot.card);
  const answer = await bot.click(alice, bot.card, verb, verb === "resolve" ? "real" : undefined);
  expect(answer.status).toBe(200);
  expect(answer.text).toContain(nl.refusal["already-closed"]);
  expect(answer.text).toContain(nl.card.headline.closed.false);
  expect(await stateOf(bot, bot.card)).toEqual(before);
  await bot.fastForward(3 * minute);
  bot.desk.expectNothing();
});

it("rule 8: a click on the card of a closed incident does not touch the open one of the same button", async () => {
  await using bot = await startBot();
  await bot.press("0042");
  const older = await bot.expectCard("Spreekkamer 3");
  await bot.click(lea, older, "resolve", "false");
  await bot.press("0042");
  const newer = await bot.expectCard("Spreekkamer 3");
  expect((await bot.click(alice, older, "claim")).text).toContain(nl.refusal["already-closed"]);
  await bot.fastForward(second);
  expect(bot.look(newer).text).toContain(nl.card.headline.open);
  await bot.fastForward(minute);
  expect((await bot.desk.expectPage("unclaimed")).incident.id).toBe(newer.incident);
});

it("rule 8: what counts is the incident in the card's data, not the card or thread it was clicked in", async () => {
  await using bot = await startBot();
  await bot.press("0042");
  const first = await bot.expectCard("Spreekkamer 3");
  await bot.press("0051");
  const second = await bot.expectCard("Balie");
  const click = { incident: first.incident, verb: "claim", card: second.posted.id } as const;
  await bot.teams.click(alice, click);
  await bot.fastForward(1_000);
  expect(bot.look(first).text).toContain(line("coming", alice));
  expect(bot.look(second).text).toContain(nl.card.headline.open);
});

it("rule 8: a click on the first card counts after somebody deleted it and another one took its place", async () => {
  await using bot = await startBot();
  await bot.press("0042");
  const older = await bot.expectCard("Spreekkamer 3");
  bot.teams.remove(older.posted.id);
  await bot.click(bob, older, "claim");
  await bot.fastForward(20 * second);
  const newer = bot.look(bot.teams.cards[0] ?? older);
  expect(newer.posted.id).not.toBe(older.posted.id);
  expect((await bot.click(alice, older, "claim")).text).toContain(nl.card.old.counted);
  await bot.fastForward(2 * second);
  expect(bot.look(newer).text).toContain(nl.card.headline.coming(2));
  expect(bot.look(newer).text).toContain(line("coming", bob, alice));
});

it("rule 8: an out-of-date card still works: the click is judged by what is so now", async () => {
  await using bot = await startBot();
  bot.teams.fail("update", { kind: "status", status: 500 });
  await bot.press("0042");
  const card = await bot.expectCard("Spreekkamer 3");
  await bot.click(alice, card, "claim");
  await bot.click(alice, card, "arrive");
  const answer = await bot.click(bob, card, "claim");
  expect(bot.look(card).text).toContain(nl.card.headline.open);
  expect(answer.text).toContain(nl.card.headline.there);
  expect(answer.text).toContain(line("there", alice));
  expect(answer.text).toContain(line("coming", bob));
});

it("rule 8: a click from before a restart counts after it", async () => {
  await using bot = await startWithAlarm();
  await bot.click(bob, bot.card, "claim");
  await bot.restart();
  expect((await bot.click(alice, bot.card, "claim")).text).toContain(nl.card.headline.coming(2));
  await bot.fastForward(2 * second);
  expect(bot.card.text).toContain(line("coming", bob, alice));
});

it.each([
  ["witness", nl.refusal["not-there"]],
  ["resolve", nl.refusal["not-there"]],
  ["check-in", ""],
] as const)(
  "rule 8: %s by somebody who is only on the way changes nothing and brings the fresh card",
  async (verb, why) => {
    await using bot = await startWithAlarm();
    await bot.click(carol, bot.card, "arrive");
    await bot.click(alice, bot.card, "claim");
    const before = await stateOf(bot, bot.card);
    const answer = await bot.click(alice, bot.card, verb, verb === "resolve" ? "real" : undefined);
    expect(answer.status).toBe(200);
    expect(answer.text).toContain(why);
    expect(answer.text).toContain(line("there", carol));
    expect(await stateOf(bot, bot.card)).toEqual(before);
  },
);

it("rule 8: “all is well” that nobody asked for changes nothing", async () => {
  await using bot = await startWithAlarm();
  await bot.click(alice, bot.card, "arrive");
  const before = await stateOf(bot, bot.card);
  expect((await bot.click(alice, bot.card, "check-in")).text).toContain(nl.card.headline.there);
  expect(await stateOf(bot, bot.card)).toEqual(before);
});

it("rule 8: a click on an incident that is not there gets a sentence, and the bot lives on", async () => {
  await using bot = await startBot();
  const answer = await bot.click(alice, "no-such-incident", "claim");
  expect(answer.status).toBe(200);
  expect(answer.text).toBe(nl.channel.clickUnknown);
  bot.expectNoCard();
  await bot.press("0042");
  expect((await bot.click(alice, await bot.expectCard("Spreekkamer 3"), "claim")).text).toContain(
    nl.card.headline.coming(1),
  );
});
