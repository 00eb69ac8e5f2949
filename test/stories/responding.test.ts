import { expect, it } from "vitest";
import { line, nl } from "../dutch.ts";
import {
  alice,
  type Bot,
  bob,
  type CardInHand,
  carol,
  paul,
  people,
  sam,
  second,
  startBot,
  startWithAlarm,
} from "../harness.ts";

/** What a click left behind, in the record and on the channel. */
async function changedBy(bot: Bot, card: CardInHand, click: () => Promise<unknown>): Promise<string[]> {
  await bot.fastForward(2 * second);
  const before = await bot.events(card.incident);
  const shown = bot.look(card);
  await click();
  await bot.fastForward(2 * second);
  const after = await bot.events(card.incident);
  if (after.length === before.length) expect(bot.look(card)).toEqual(shown);
  return after.slice(before.length);
}

it("rule 7: any member of the channel may claim, also who is not in the configuration", async () => {
  await using bot = await startWithAlarm();
  const answer = await bot.click(sam, bot.card, "claim");
  expect(answer.status).toBe(200);
  expect(answer.text).toContain(nl.card.headline.coming(1));
  expect(answer.text).toContain(line("coming", sam));
  await bot.fastForward(second);
  expect(bot.card.text).toContain(line("coming", sam));
  expect(bot.card.thread.join("\n")).toContain(nl.thread.claimed(sam.name));
});

it("rule 7: without people in the configuration everybody may claim", async () => {
  await using bot = await startBot({ settings: { people: undefined } });
  await bot.press("0044");
  const card = await bot.expectCard("Spreekkamer 3");
  expect((await bot.click(bob, card, "claim")).text).toContain(line("coming", bob));
  expect(bot.teams.told).toEqual([]);
});

it("rule 7: a later claimer is also on the way", async () => {
  await using bot = await startWithAlarm();
  await bot.click(alice, bot.card, "claim");
  expect((await bot.click(carol, bot.card, "claim")).text).toContain(nl.card.headline.coming(2));
  await bot.fastForward(second);
  const now = bot.card;
  expect(now.text).toContain(line("coming", alice, carol));
  expect(now.thread.map((reply) => reply.replace(/ \(.*\)$/, "")).slice(-2)).toEqual([
    nl.thread.claimed(alice.name),
    nl.thread.alsoComing(carol.name),
  ]);
});

it("rule 7: two claims in the same millisecond: both are on the way, and one is the first", async () => {
  await using bot = await startWithAlarm();
  const answers = await Promise.all([bot.click(alice, bot.card, "claim"), bot.click(bob, bot.card, "claim")]);
  expect(answers.map((answer) => answer.status)).toEqual([200, 200]);
  await bot.fastForward(second);
  expect(bot.card.text).toContain(nl.card.headline.coming(2));
  const claims = (await bot.events(bot.card.incident)).filter((kind) => kind === "claimed" || kind === "also-coming");
  expect(claims).toEqual(["claimed", "also-coming"]);
});

it("rule 7: claiming again changes nothing, neither the first time nor among others", async () => {
  await using bot = await startWithAlarm();
  await bot.click(alice, bot.card, "claim");
  await bot.click(bob, bot.card, "claim");
  expect(await changedBy(bot, bot.card, () => bot.click(alice, bot.card, "claim"))).toEqual([]);
  expect(await changedBy(bot, bot.card, () => bot.click(bob, bot.card, "claim"))).toEqual([]);
  // The promise still counts from the first claim: two minutes, of which 8 s have passed.
  await bot.fastForward(112 * second - 1);
  bot.desk.expectNothing();
  await bot.fastForward(1);
  await bot.desk.expectPage("lapsed");
});

it("rule 7: a claim after an arrival does not take the arrival back", async () => {
  await using bot = await startWithAlarm();
  await bot.click(alice, bot.card, "arrive");
  expect(await changedBy(bot, bot.card, () => bot.click(alice, bot.card, "claim"))).toEqual([]);
  expect(bot.card.text).toContain(line("there", alice));
});

it.each(["claim", "arrive", "witness", "resolve", "decline"] as const)(
  "rule 7: the holder of the button that was pressed can't %s",
  async (verb) => {
    const asLead = people.map((person) => (person.id === paul.aadObjectId ? { ...person, lead: true } : person));
    await using bot = await startWithAlarm({ settings: { people: asLead } });
    let answer = { text: "", status: 0 };
    const changed = await changedBy(bot, bot.card, async () => {
      answer = await bot.click(paul, bot.card, verb, verb === "resolve" ? "false" : undefined);
    });
    expect(changed).toEqual([]);
    expect(answer.status).toBe(200);
    expect(answer.text).toContain(nl.refusal.presser);
    expect(answer.text).toContain(nl.card.headline.open);
  },
);

it("rule 7: the holder is known however their id is written in the configuration", async () => {
  const shouted = people.map((person) => ({ ...person, id: String(person.id).toUpperCase() }));
  await using bot = await startBot({ settings: { people: shouted } });
  await bot.press("0042");
  expect((await bot.click(paul, await bot.expectCard("Spreekkamer 3"), "claim")).text).toContain(nl.refusal.presser);
});

it("rule 7: the holder of another button is no presser here", async () => {
  await using bot = await startWithAlarm();
  expect((await bot.click(carol, bot.card, "claim")).text).toContain(line("coming", carol));
  await bot.press("0051");
  await bot.fastForward(second);
  expect((await bot.click(paul, await bot.expectCard("Balie"), "claim")).text).toContain(line("coming", paul));
});

it("rule 7: the people on duty are mentioned and messaged, the presser is not, however often they press", async () => {
  await using bot = await startWithAlarm();
  await bot.fastForward(30 * second);
  await bot.press("0042");
  await bot.fastForward(2 * second);
  expect(bot.teams.told.map((message) => message.to).toSorted()).toEqual([
    alice.teamsId,
    alice.teamsId,
    bob.teamsId,
    bob.teamsId,
  ]);
  const mentioned = bot.teams.replies.flatMap((reply) => reply.body.entities ?? []).map((each) => each.mentioned?.id);
  expect(new Set(mentioned)).toEqual(new Set([alice.teamsId, bob.teamsId]));
});

it("rule 7: the holder is messaged for the alarms of others", async () => {
  await using bot = await startBot();
  await bot.press("0051");
  expect(bot.teams.told.map((message) => message.to).toSorted()).toEqual([alice, bob, paul].map((who) => who.teamsId));
});

it("rule 7: nobody on duty but the presser: nobody is rung", async () => {
  const only = people.filter((person) => person.id === paul.aadObjectId);
  await using bot = await startWithAlarm({ settings: { people: only } });
  await bot.desk.expectPage("nobody-on-duty");
  await bot.fastForward(2 * second);
  expect(bot.teams.told).toEqual([]);
  expect(bot.teams.replies.flatMap((reply) => reply.body.entities ?? [])).toEqual([]);
});
