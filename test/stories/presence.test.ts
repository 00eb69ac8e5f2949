import { expect, it } from "vitest";
import { line, nl, shown } from "../dutch.ts";
import {
  alice,
  type Bot,
  bob,
  building,
  type CardInHand,
  carol,
  lea,
  minute,
  people,
  sam,
  second,
  startBot,
  startWithAlarm,
} from "../harness.ts";

const checkAfter = 10 * minute;
const answerWithin = 2 * minute;

async function arrived(bot: Bot): Promise<CardInHand> {
  await bot.press("0042");
  const card = await bot.expectCard("Spreekkamer 3");
  await bot.fastForward(30 * second);
  await bot.click(alice, card, "arrive");
  return card;
}

/** The question whether all is well, as it stands in the thread. */
function questions(bot: Bot) {
  return bot.teams.replies.filter((reply) => reply.body.text?.includes(nl.thread.ask.check("")));
}

it("rule 11: somebody there is enough, without a claim before", async () => {
  await using bot = await startBot();
  const card = await arrived(bot);
  await bot.fastForward(2 * minute);
  bot.desk.expectNothing();
  bot.phone.expectNothing();
  expect(bot.look(card).text).toContain(line("there", alice));
});

it("rule 11: who is there counts toward enough beside who is coming", async () => {
  await using bot = await startBot({ policy: { claimsNeeded: 2 } });
  const card = await arrived(bot);
  await bot.click(bob, card, "claim");
  await bot.fastForward(minute);
  bot.desk.expectNothing();
  await bot.click(bob, card, "decline");
  await bot.desk.expectPage("unclaimed");
});

it("rule 11: an arrival after the first page holds the next ones", async () => {
  await using bot = await startWithAlarm();
  await bot.fastForward(minute);
  await bot.desk.expectPage("unclaimed");
  await bot.click(alice, bot.card, "arrive");
  await bot.desk.expectPage("update");
  await bot.fastForward(checkAfter - 1);
  bot.desk.expectNothing();
  bot.phone.expectNothing();
});

it("rule 11: after checkAfter the bot asks who is there, by name, in the thread and on the card", async () => {
  await using bot = await startBot();
  const card = await arrived(bot);
  await bot.click(bob, card, "claim");
  await bot.fastForward(checkAfter - 1);
  expect(questions(bot)).toEqual([]);
  await bot.fastForward(1 + second);
  const [question, ...more] = questions(bot);
  expect(more).toEqual([]);
  expect(question?.root).toBe(card.posted.id);
  expect(question?.body.entities?.map((entity) => entity.mentioned?.id)).toEqual([alice.teamsId]);
  expect(bot.look(card).text).toContain(nl.card.headline.check);
  expect(bot.look(card).text).toContain(shown(nl.card.ask.check("10:12:30")));
  expect(bot.look(card).buttons.slice(0, 2)).toEqual([nl.card.button["check-in"], nl.card.button.help]);
  bot.desk.expectNothing();
});

it("rule 11: no answer within two minutes pages", async () => {
  await using bot = await startBot();
  const card = await arrived(bot);
  await bot.fastForward(checkAfter + answerWithin - 1);
  bot.desk.expectNothing();
  await bot.fastForward(1);
  await bot.desk.expectPage("check");
  await bot.fastForward(2 * second);
  expect(bot.look(card).text).toContain(nl.card.headline.silent);
  expect(bot.look(card).text).toContain(line("silent", alice));
  expect(bot.look(card).thread.join("\n")).toContain(nl.thread.checkMissed);
});

it.each(["check-in", "arrive"] as const)("rule 11: %s is an answer, and holds for another checkAfter", async (verb) => {
  await using bot = await startBot();
  const card = await arrived(bot);
  await bot.fastForward(checkAfter + answerWithin - 1);
  expect((await bot.click(alice, card, verb)).text).toContain(nl.card.headline.there);
  await bot.fastForward(checkAfter - 1);
  bot.desk.expectNothing();
  expect(questions(bot)).toHaveLength(1);
  await bot.fastForward(second);
  expect(questions(bot)).toHaveLength(2);
  await bot.fastForward(answerWithin);
  await bot.desk.expectPage("check");
});

it("rule 11: one answer of several who are there is enough", async () => {
  await using bot = await startBot();
  const card = await arrived(bot);
  await bot.click(carol, card, "arrive");
  await bot.fastForward(checkAfter + second);
  await bot.click(carol, card, "check-in");
  await bot.fastForward(answerWithin);
  bot.desk.expectNothing();
});

it("rule 11: a sign of life after the silence counts again", async () => {
  await using bot = await startBot({ policy: { steps: [...building.steps, { after: "30m", page: "phone" }] } });
  const card = await arrived(bot);
  await bot.fastForward(checkAfter + answerWithin);
  await bot.desk.expectPage("check");
  await bot.phone.expectPage("check");
  await bot.click(alice, card, "check-in");
  await bot.fastForward(2 * second);
  await bot.desk.expectPage("update");
  await bot.phone.expectPage("update");
  expect(bot.look(card).text).toContain(line("there", alice));
  await bot.fastForward(checkAfter - 3 * second);
  bot.phone.expectNothing();
});

it("rule 11: with no step left an unanswered check starts a new round", async () => {
  await using bot = await startWithAlarm();
  await bot.fastForward(2 * minute);
  await bot.click(alice, bot.card, "arrive");
  bot.desk.ignoreRest();
  bot.phone.ignoreRest();
  await bot.fastForward(checkAfter + answerWithin);
  expect((await bot.desk.expectPage("check")).page).toBe(`${bot.card.incident}-2-1`);
  expect((await bot.phone.expectPage("check")).page).toBe(`${bot.card.incident}-2-2`);
  await bot.fastForward(2 * second);
  expect(bot.card.thread.join("\n")).toContain(nl.thread.round.check(2));
});

it("rule 11: “I need help” pages at once, with enough people there", async () => {
  await using bot = await startBot();
  const card = await arrived(bot);
  await bot.click(bob, card, "arrive");
  await bot.click(carol, card, "claim");
  expect((await bot.click(alice, card, "help")).text).toContain(nl.card.headline.help);
  const page = await bot.desk.expectPage("help");
  expect(page.incident.onTheWay).toBe(3);
  bot.phone.expectNothing();
  await bot.fastForward(second);
  expect(bot.look(card).thread.join("\n")).toContain(nl.thread.help(alice.name));
});

it("rule 11: help pages the next step while a guard is on the way, and again while one is there", async () => {
  await using bot = await startWithAlarm();
  await bot.fastForward(minute);
  const page = await bot.desk.expectPage("unclaimed");
  await bot.answer(page, "accept");
  await bot.click(sam, bot.card, "help");
  await bot.phone.expectPage("help");
  await bot.answer(page, "arrived");
  await bot.click(alice, bot.card, "help");
  expect((await bot.desk.expectPage("help")).page).toBe(`${bot.card.incident}-2-1`);
  expect((await bot.phone.expectPage("help")).page).toBe(`${bot.card.incident}-2-2`);
});

it("rule 11: help with no step left starts a new round with new keys", async () => {
  await using bot = await startBot();
  const card = await arrived(bot);
  await bot.click(alice, card, "help");
  const first = await bot.desk.expectPage("help");
  await bot.click(alice, card, "help");
  const next = await bot.phone.expectPage("help");
  await bot.click(alice, card, "help");
  expect([first.page, next.page]).toEqual([`${card.incident}-1-1`, `${card.incident}-1-2`]);
  expect((await bot.desk.expectPage("help")).page).toBe(`${card.incident}-2-1`);
  expect((await bot.phone.expectPage("help")).page).toBe(`${card.incident}-2-2`);
  await bot.fastForward(second);
  expect(bot.look(card).text).toContain(nl.card.headline.help);
  // So many lines in one second are more than a channel takes.
  await bot.fastForward(4 * second);
  expect(bot.look(card).thread.join("\n")).toContain(nl.thread.round.help(2));
});

it("rule 11: who asks for help is not asked to come, and neither is who is there: all others are", async () => {
  await using bot = await startBot();
  const card = await arrived(bot);
  for (let times = 0; times < 3; times += 1) await bot.click(bob, card, "help");
  await bot.fastForward(second);
  expect(bot.look(card).text).toContain(nl.card.headline.help);
  await bot.fastForward(3 * second);
  const rounds = bot.look(card).thread.join("\n");
  expect(rounds).toContain(nl.thread.round.help(2));
  // Alice is there and Bob asked, so that nobody else on duty is left to be mentioned or messaged once more.
  expect(bot.teams.told.map(({ to }) => to).sort()).toEqual([alice.teamsId, bob.teamsId]);
  bot.desk.ignoreRest();
  bot.phone.ignoreRest();

  await bot.restart({ people: people.map((person) => ({ ...person, onDuty: "always" })) });
  for (let times = 0; times < 3; times += 1) await bot.click(alice, card, "help");
  await bot.fastForward(2 * second);
  expect(new Set(bot.teams.told.slice(2).map(({ to }) => to))).toEqual(new Set([carol.teamsId, lea.teamsId]));
  bot.desk.ignoreRest();
  bot.phone.ignoreRest();
});

it("rule 11: who arrived and then can't, holds nothing back any more", async () => {
  await using bot = await startBot();
  const card = await arrived(bot);
  await bot.fastForward(minute);
  bot.desk.expectNothing();
  await bot.click(alice, card, "decline");
  await bot.desk.expectPage("unclaimed");
  bot.phone.expectNothing();
  await bot.fastForward(30 * second);
  await bot.phone.expectPage("unclaimed");
  await bot.fastForward(checkAfter);
  expect(questions(bot)).toEqual([]);
});

it("rule 11: the question is not lost when the process is down at its moment", async () => {
  await using bot = await startBot();
  await arrived(bot);
  await bot.stop();
  bot.clock.to(bot.clock.now() + checkAfter + minute);
  await bot.start();
  await bot.fastForward(second);
  expect(questions(bot)).toHaveLength(1);
  await bot.fastForward(answerWithin);
  await bot.desk.expectPage("check");
});
