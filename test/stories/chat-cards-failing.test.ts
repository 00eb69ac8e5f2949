import { describe, expect, it } from "vitest";
import { cutIncident } from "../damage.ts";
import { nl } from "../dutch.ts";
import type { Colleague } from "../fakes/teams.ts";
import { alice, type Bot, bob, hour, lea, minute, second, startBot, startWithAlarm } from "../harness.ts";
import { cardsOf, newestOf } from "../in-chats.ts";

const { button, headline } = nl.card;
const { self } = nl.alarmInChat;
const closedBy = (name: string) => nl.card.remark.closedBy(name, "").replace(/ om .*/s, "");
const refusal = (bot: Bot, who: Colleague) => ({ kind: "status", status: 403, where: bot.teams.chatOf(who) }) as const;

function countEvents(bot: Bot, name: string): number {
  return bot.lines.filter(({ event }) => event === name).length;
}

describe("a card in a chat that Teams does not let be changed", () => {
  it("is tried on, also after closing, and holds up neither the channel nor anybody else", async () => {
    await using bot = await startWithAlarm();
    await bot.fastForward(2 * second);
    bot.teams.fail("update", refusal(bot, alice));
    await bot.click(bob, bot.card, "claim");
    await bot.fastForward(2 * second);
    expect(bot.card.text).toContain(headline.coming(1));
    expect(newestOf(bot, bob).text).toContain(self.coming);
    await bot.fastForward(40 * second);
    await bot.click(bob, bot.card, "arrive");
    await bot.click(bob, bot.card, "resolve", "false");
    await bot.fastForward(2 * minute);
    expect(newestOf(bot, alice).buttons).not.toEqual([]);
    bot.teams.fail("update", null);
    await bot.fastForward(31 * second);
    expect(newestOf(bot, alice).text).toContain(closedBy(bob.name));
    expect(newestOf(bot, alice).buttons).toEqual([]);
    expect(countEvents(bot, "chat-card-left")).toBe(0);
    expect(countEvents(bot, "chat-card-refused")).toBe(1);
  });

  it("is tried at most each half minute for one state, and at once for a new one", async () => {
    await using bot = await startWithAlarm();
    await bot.fastForward(2 * second);
    await bot.click(bob, bot.card, "arrive");
    await bot.fastForward(5 * second);
    bot.teams.fail("update", refusal(bot, alice));
    await bot.click(bob, bot.card, "witness");
    await bot.fastForward(2 * minute);
    const tries = () => {
      const path = encodeURIComponent(newestOf(bot, alice).id ?? "");
      return bot.teams.calls.filter((call) => call.route === "update" && call.path.includes(path)).length;
    };
    const before = tries();
    await bot.fastForward(5 * minute);
    expect(tries() - before).toBeLessThanOrEqual(10);
    bot.teams.fail("update", null);
    await bot.click(bob, bot.card, "resolve", "real");
    await bot.fastForward(2 * second);
    expect(newestOf(bot, alice).text).toContain(closedBy(bob.name));
  });

  it("is let go an hour after the end, and at once where it is gone", async () => {
    await using bot = await startWithAlarm();
    await bot.fastForward(2 * second);
    bot.teams.remove(newestOf(bot, bob).id ?? "", 404);
    bot.teams.fail("update", refusal(bot, alice));
    await bot.click(lea, bot.card, "resolve", "false");
    await bot.fastForward(5 * second);
    expect(countEvents(bot, "chat-card-left")).toBe(1);
    bot.clock.to(bot.clock.now() + hour);
    await bot.fastForward(minute);
    expect(countEvents(bot, "chat-card-left")).toBe(2);
  });
});

describe("a card in a chat that Teams does not take", () => {
  it("is posted as soon as it is taken", async () => {
    await using bot = await startBot();
    bot.teams.fail("card", refusal(bot, alice));
    await bot.press("0042");
    await bot.expectCard("Spreekkamer 3");
    await bot.fastForward(20 * second);
    expect(cardsOf(bot, alice)).toEqual([]);
    bot.teams.fail("card", null);
    await bot.fastForward(20 * second);
    expect(newestOf(bot, alice).buttons).toContain(button.claim);
    bot.desk.expectNothing();
  });

  it("rings nobody late who is there by then", async () => {
    await using bot = await startBot();
    bot.teams.fail("card", refusal(bot, alice));
    await bot.press("0042");
    const card = await bot.expectCard("Spreekkamer 3");
    await bot.click(alice, card, "arrive");
    await bot.fastForward(2 * second);
    bot.teams.fail("card", null);
    await bot.fastForward(40 * second);
    expect(cardsOf(bot, alice)).toEqual([]);
  });

  it("rings once more at most where answers are lost, also after a restart", async () => {
    await using bot = await startBot();
    bot.teams.fail("card", { kind: "reset", where: bot.teams.chatOf(alice) });
    await bot.press("0042");
    await bot.expectCard("Spreekkamer 3");
    await bot.fastForward(20 * second);
    expect(cardsOf(bot, alice)).toHaveLength(2);
    await bot.restart();
    await bot.fastForward(3 * minute);
    expect(cardsOf(bot, alice)).toHaveLength(2);
    bot.desk.ignoreRest();
    bot.phone.ignoreRest();
  });

  it("hangs for itself alone", async () => {
    await using bot = await startBot();
    bot.teams.fail("card", { kind: "hang", where: bot.teams.chatOf(alice) });
    await bot.press("0042");
    await bot.expectCard("Spreekkamer 3");
    await bot.fastForward(2 * second);
    expect(newestOf(bot, bob).buttons).toContain(button.claim);
    bot.teams.fail("card", null);
    await bot.fastForward(10 * second);
    expect(newestOf(bot, alice).buttons).toContain(button.claim);
    bot.desk.expectNothing();
  });

  it("is posted after a restart, once", async () => {
    await using bot = await startBot();
    bot.teams.fail("card", { kind: "status", status: 502, where: bot.teams.chatOf(alice) });
    await bot.press("0042");
    await bot.expectCard("Spreekkamer 3");
    await bot.fastForward(2 * second);
    expect(cardsOf(bot, alice)).toEqual([]);
    bot.teams.fail("card", null);
    await bot.restart();
    await bot.fastForward(30 * second);
    expect(cardsOf(bot, alice)).toHaveLength(1);
  });
});

it("an alarm that can't be read hides no other on a card that they share", async () => {
  await using bot = await startBot();
  const pressed: string[] = [];
  for (let number = 1; number <= 7; number += 1) {
    const { incident } = await bot.press(`field-${number}`, { place: `Kamer ${number}z` });
    pressed.push(incident ?? "");
  }
  await bot.fastForward(8 * second);
  for (let number = 1; number <= 7; number += 1) await bot.expectCard("Kamer");
  const sharedOf = () => cardsOf(bot, alice).find(({ text }) => text.includes("Kamer 5z"));
  expect(sharedOf()?.text).toContain("Kamer 4z");
  await bot.stop();
  cutIncident(`${bot.folder}/rugdekking.db`, pressed[3] ?? "");
  await bot.start();
  await bot.click(bob, pressed[4] ?? "", "claim");
  await bot.fastForward(5 * second);
  expect(sharedOf()?.text).toContain(headline.coming(1));
  bot.desk.ignoreRest();
  bot.phone.ignoreRest();
});

it("who pressed in an open alarm is not rung because another one is over", async () => {
  const buttons = [
    { source: "buttons", id: "0042", place: "Spreekkamer 3" },
    { source: "buttons", id: "0043", place: "Kelder", holder: alice.name },
  ];
  await using bot = await startBot({ settings: { buttons } });
  const { incident } = await bot.press("0042");
  await bot.expectCard("Spreekkamer 3");
  await bot.click(alice, incident ?? "", "claim");
  await bot.press("0043");
  await bot.expectCard("Kelder");
  await bot.fastForward(2 * second);
  const before = bot.teams.direct.filter(({ to }) => to === alice.teamsId).length;
  await bot.click(lea, incident ?? "", "resolve", "false");
  await bot.fastForward(10 * second);
  expect(bot.teams.direct.filter(({ to }) => to === alice.teamsId)).toHaveLength(before);
});
