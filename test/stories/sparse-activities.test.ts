import { expect, it } from "vitest";
import { nl } from "../dutch.ts";
import { alice, type Bot, frontdesk, paul, sourceSecret, startBot } from "../harness.ts";

const buttons = { type: "webhook", secret: sourceSecret, policy: "building", channel: "frontdesk" };
const sources = { buttons, chat: { type: "teams", policy: "building", channel: "frontdesk" } };

/** All that an alarm needs. */
function toBare(bot: Bot, text: string, from = paul.teamsId): Record<string, unknown> {
  const { serviceUrl } = bot.teams;
  return { type: "message", channelId: "msteams", serviceUrl, from: { id: from }, text };
}

it("an alarm that says no more than who it is from is answered in the chat that is known, of who that is", async () => {
  await using bot = await startBot({ settings: { sources } });
  await bot.type(paul, "help");
  await bot.restart();
  expect((await bot.teams.send(toBare(bot, "alarm Balie"))).status).toBe(200);
  const card = await bot.expectCard("Balie");
  expect(card.text).toContain(paul.name);
  expect(bot.saidTo(paul)?.text).toContain(nl.personal.answer.pressed.headline);
  // They are known, so nobody asks them to come to their own alarm.
  expect((await bot.click(paul, card, "claim")).text).toContain(nl.refusal.presser);
  expect(bot.teams.told.filter(({ to }) => to === alice.teamsId)).toHaveLength(1);
});

it("the same of somebody whom nobody knows is an alarm too, and the log says that no answer could go", async () => {
  await using bot = await startBot({ settings: { sources } });
  expect((await bot.teams.send(toBare(bot, "sos", "29:onbekend"))).status).toBe(200);
  await bot.expectCard(nl.terms.placeUnknown);
  expect(bot.lines).toContainEqual({ level: "warn", event: "answer-not-sent", facts: { reason: "no-conversation" } });
});

it("anything else that does not say where it is from is refused", async () => {
  await using bot = await startBot({ settings: { sources } });
  await bot.type(paul, "help");
  expect((await bot.teams.send(toBare(bot, "help"))).status).toBe(401);
  expect((await bot.teams.send({ ...toBare(bot, "status"), conversation: null })).status).toBe(401);
  bot.expectNoCard();
});

it("a sender without a name keeps the one that is known", async () => {
  await using bot = await startBot({ settings: { sources } });
  await bot.type(paul, "help");
  const from = { id: paul.teamsId, aadObjectId: paul.aadObjectId };
  await bot.teams.send({ ...toBare(bot, "alarm Kelder"), from, conversation: { id: frontdesk } });
  expect((await bot.expectCard("Kelder")).text).toContain(paul.name);
});
