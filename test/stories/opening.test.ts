import { expect, it } from "vitest";
import { line, mention, nl } from "../dutch.ts";
import {
  alice,
  type Bot,
  bob,
  type CardInHand,
  carol,
  hour,
  lea,
  minute,
  paul,
  second,
  startBot,
  startWithAlarm,
} from "../harness.ts";

/** Who got a 1:1 message, by Teams id. */
function rung(bot: Bot): string[] {
  return bot.teams.told.map((message) => message.to).toSorted();
}

function theOnly<T>(values: readonly T[]): T {
  expect(new Set(values).size).toBe(1);
  return values[0] as T;
}

it("a card that shows all that there is, is looked at only once something happens", async () => {
  const metricsToken = "een-lang-geheim-voor-de-cijfers";
  await using bot = await startBot({ settings: { metricsToken, people: undefined, buttons: [] } });
  const readMetrics = async () => {
    const answer = await fetch(`${bot.url}/metrics`, { headers: { authorization: `Bearer ${metricsToken}` } });
    return answer.text();
  };
  await bot.press("0042");
  const card = await bot.expectCard("Plaats onbekend");
  await bot.fastForward(2 * second);
  expect(await readMetrics()).not.toContain('kind="board"');
  await bot.click(alice, card, "claim");
  await bot.fastForward(2 * second);
  expect(await readMetrics()).toContain('kind="board"');
});

it("rule 3: first presses of one button in the same millisecond open one incident with one card", async () => {
  await using bot = await startBot();
  const answers = await Promise.all(Array.from({ length: 20 }, () => bot.press("0042")));
  expect(answers.map((answer) => answer.status)).toEqual(Array(20).fill(202));
  expect(answers.filter((answer) => answer.outcome === "opened")).toHaveLength(1);
  expect(answers.filter((answer) => answer.outcome === "repeated")).toHaveLength(19);
  const incident = theOnly(answers.map((answer) => answer.incident));
  const card = await bot.expectCard("Spreekkamer 3");
  expect(card.incident).toBe(incident);
  bot.expectNoCard();
  await bot.fastForward(2 * second);
  expect(bot.look(card).text).toContain(nl.card.remark.presses(20));
});

it("rule 3: first presses of two buttons at one place in the same millisecond open one incident", async () => {
  await using bot = await startBot();
  const answers = await Promise.all([bot.press("0042"), bot.press("0044")]);
  expect(answers.map((answer) => answer.outcome).toSorted()).toEqual(["opened", "verified"]);
  theOnly(answers.map((answer) => answer.incident));
  await bot.expectCard("Spreekkamer 3");
  bot.expectNoCard();
});

it("rule 3: buttons at different places in the same millisecond open an incident each", async () => {
  await using bot = await startBot();
  const answers = await Promise.all([bot.press("0042"), bot.press("0051"), bot.press("0060")]);
  expect(answers.map((answer) => answer.outcome)).toEqual(["opened", "opened", "opened"]);
  expect(new Set(answers.map((answer) => answer.incident)).size).toBe(3);
  expect(bot.teams.cards).toHaveLength(3);
});

it("rule 3: the same button again is counted, rings again and resets no claim", async () => {
  await using bot = await startBot();
  const first = await bot.press("0042");
  const card = await bot.expectCard("Spreekkamer 3");
  expect(rung(bot)).toEqual([alice.teamsId, bob.teamsId]);
  await bot.fastForward(30 * second);
  await bot.click(alice, card, "claim");
  await bot.fastForward(10 * second);
  expect(await bot.press("0042")).toMatchObject({ status: 202, outcome: "repeated", incident: first.incident });
  await bot.fastForward(second);
  bot.expectNoCard();
  const now = bot.look(card);
  expect(now.text).toContain(nl.card.remark.presses(2));
  expect(now.text).toContain(nl.card.headline.coming(1));
  expect(now.text).toContain(line("coming", alice));
  expect(rung(bot)).toEqual([alice.teamsId, alice.teamsId, bob.teamsId, bob.teamsId]);
  expect(now.thread.filter((reply) => reply.includes(mention(alice, bob)))).toHaveLength(1);
  // The claim still holds the page, and its own promise still counts from the claim.
  await bot.fastForward(109 * second - 1);
  bot.desk.expectNothing();
  await bot.fastForward(1);
  await bot.desk.expectPage("lapsed");
});

it("rule 3: the same button again moves no page: steps count from the round's own press", async () => {
  await using bot = await startBot();
  await bot.press("0042");
  await bot.fastForward(50 * second);
  await bot.press("0042");
  await bot.fastForward(10 * second - 1);
  bot.desk.expectNothing();
  await bot.fastForward(1);
  await bot.desk.expectPage("unclaimed");
});

/** After this press everything begins anew on the same card, whatever was promised before. */
/** `rings`: how many are rung. */
async function expectNewRound(bot: Bot, card: CardInHand, rings: number): Promise<void> {
  const rungBefore = rung(bot).length;
  expect(await bot.press("0042")).toMatchObject({ outcome: "repeated", incident: card.incident });
  await bot.fastForward(second);
  bot.expectNoCard();
  const now = bot.look(card);
  expect(now.text).toContain(nl.card.headline.open);
  expect(now.text).not.toContain(line("coming"));
  expect(now.text).not.toContain(line("there"));
  expect(now.thread.join("\n")).toContain(nl.thread.round.press(2));
  expect(rung(bot).length).toBe(rungBefore + rings);
  // Who was paged before was notified that nobody counts as coming any more.
  bot.desk.ignoreRest();
  await bot.fastForward(59 * second - 1);
  bot.desk.expectNothing();
  await bot.fastForward(1);
  expect((await bot.desk.expectPage("unclaimed")).page).toBe(`${card.incident}-2-1`);
  bot.phone.expectNothing();
  await bot.fastForward(minute);
  expect((await bot.phone.expectPage("unclaimed")).page).toBe(`${card.incident}-2-2`);
}

it("rule 3: after an arrival a press starts a new round, and nobody counts as coming until they click again", async () => {
  await using bot = await startWithAlarm();
  await bot.click(alice, bot.card, "claim");
  await bot.click(bob, bot.card, "arrive");
  await bot.click(carol, bot.card, "decline");
  await bot.fastForward(5 * minute);
  // Bob was there, and may be there still (rule 7).
  await expectNewRound(bot, bot.card, 1);
  expect((await bot.click(alice, bot.card, "claim")).text).toContain(line("coming", alice));
});

it("rule 3: claims of the new round hold its pages, those of the old round do not", async () => {
  await using bot = await startWithAlarm();
  await bot.click(bob, bot.card, "arrive");
  await bot.fastForward(5 * minute);
  await bot.press("0042");
  await bot.click(alice, bot.card, "claim");
  await bot.fastForward(90 * second);
  bot.desk.expectNothing();
  await bot.fastForward(30 * second);
  await bot.desk.expectPage("lapsed");
});

it("rule 3: after a guard's acceptance a press starts a new round", async () => {
  await using bot = await startWithAlarm();
  await bot.fastForward(minute);
  await bot.answer(await bot.desk.expectPage("unclaimed"), "accept");
  await bot.click(alice, bot.card, "claim");
  await bot.desk.expectPage("update");
  await bot.fastForward(3 * minute);
  bot.phone.expectNothing();
  await expectNewRound(bot, bot.card, 2);
});

it("rule 3: a closed incident is not joined: the next press opens a new one", async () => {
  await using bot = await startBot();
  const first = await bot.press("0042");
  await bot.click(lea, await bot.expectCard("Spreekkamer 3"), "resolve", "test");
  const next = await bot.press("0042");
  expect(next.outcome).toBe("opened");
  expect(next.incident).not.toBe(first.incident);
  expect((await bot.expectCard("Spreekkamer 3")).incident).toBe(next.incident);
});

it("rule 3: a press after a restart joins what was open before it", async () => {
  await using bot = await startBot();
  const first = await bot.press("0042");
  const card = await bot.expectCard("Spreekkamer 3");
  await bot.restart();
  bot.clock.to(bot.clock.now() + hour);
  expect(await bot.press("0044")).toMatchObject({ outcome: "verified", incident: first.incident });
  expect(await bot.press("0042")).toMatchObject({ outcome: "repeated", incident: first.incident });
  bot.expectNoCard();
  expect((await bot.click(paul, card, "claim")).text).toContain(nl.refusal.presser);
});
