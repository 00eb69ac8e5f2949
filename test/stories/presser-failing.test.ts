import { expect, it } from "vitest";
import { nl } from "../dutch.ts";
import { alice, type Bot, hour, lea, minute, paul, people, second, startBot } from "../harness.ts";
import { countDirect, presserCardOf, startWithNights } from "../in-chats.ts";

const { state, lastPressed } = nl.presser;
const telling = people.map((person) => (person.name === paul.name ? { ...person, tellPresser: true } : person));
const refusal = (bot: Bot) => ({ kind: "status", status: 403, where: bot.teams.chatOf(paul) }) as const;

it("a card that is refused is tried on, so that nobody is said to come who does not", async () => {
  await using bot = await startBot();
  const { incident } = await bot.press("0042");
  await bot.expectCard("Spreekkamer 3");
  await bot.click(alice, incident ?? "", "claim");
  await bot.fastForward(2 * second);
  expect(presserCardOf(bot, paul).text).toContain(state.coming.headline);
  bot.teams.fail("update", refusal(bot));
  await bot.click(alice, incident ?? "", "decline");
  await bot.fastForward(20 * second);
  bot.teams.fail("update", null);
  await bot.fastForward(31 * second);
  expect(presserCardOf(bot, paul).text).toContain(state.received.headline);
  bot.teams.fail("update", refusal(bot));
  await bot.click(lea, incident ?? "", "resolve", "false");
  await bot.fastForward(5 * minute);
  bot.teams.fail("update", null);
  await bot.fastForward(31 * second);
  expect(presserCardOf(bot, paul).text).toContain(state.over.headline);
  expect(countDirect(bot, paul)).toBe(1);
  bot.desk.ignoreRest();
  bot.phone.ignoreRest();
});

it("each press shows on the card, at once", async () => {
  await using bot = await startBot();
  const { incident } = await bot.press("0042");
  await bot.expectCard("Spreekkamer 3");
  await bot.fastForward(10 * second);
  expect(presserCardOf(bot, paul).text).toContain(lastPressed("10:00:00"));
  bot.teams.fail("update", refusal(bot));
  await bot.click(alice, incident ?? "", "claim");
  await bot.fastForward(35 * second);
  bot.teams.fail("update", null);
  await bot.press("0042");
  await bot.fastForward(2 * second);
  expect(presserCardOf(bot, paul).text).toContain(lastPressed("10:00:45"));
  bot.desk.ignoreRest();
});

it("a card that can't be changed is made anew by a later look, but not while an alarm of theirs is open", async () => {
  const { bot: started, night } = await startWithNights();
  await using bot = started;
  const { incident } = await bot.press("0042");
  await bot.expectCard("Spreekkamer 3");
  await bot.fastForward(2 * second);
  bot.teams.remove(bot.teams.chatWith(paul)[0]?.id ?? "", 403);
  await bot.click(alice, incident ?? "", "claim");
  await bot.fastForward(30 * second);
  expect(bot.lines.filter(({ event }) => event === "presser-card-refused")).toHaveLength(1);
  await night(minute);
  expect(countDirect(bot, paul)).toBe(1);
  await bot.click(lea, incident ?? "", "resolve", "false");
  bot.clock.to(bot.clock.now() + 2 * hour);
  await bot.settle();
  await night(minute);
  expect(bot.lines.filter(({ event }) => event === "presser-card-left")).toHaveLength(1);
  expect(countDirect(bot, paul)).toBe(2);
  expect(bot.chatWith(paul).at(-1)?.text).toContain(state.over.headline);
  bot.desk.ignoreRest();
  bot.phone.ignoreRest();
});

it("a card without an id stands, and is made anew once a week", async () => {
  const { bot: started, night } = await startWithNights({ settings: { people: telling } });
  await using bot = started;
  bot.teams.fail("card", { kind: "no-id", where: bot.teams.chatOf(paul) });
  await bot.restart({ people });
  await bot.fastForward(minute);
  expect(countDirect(bot, paul)).toBe(1);
  for (let nights = 0; nights < 2; nights += 1) {
    await night(minute);
  }
  expect(countDirect(bot, paul)).toBe(1);
  bot.clock.to(bot.clock.now() + 8 * 24 * hour);
  await bot.settle();
  await night(minute);
  expect(countDirect(bot, paul)).toBe(2);
});

it("with tellPresser: true a message whose answer was lost is not said again, because each one rings", async () => {
  await using bot = await startBot({ settings: { people: telling } });
  bot.teams.fail("text", { kind: "reset", where: bot.teams.chatOf(paul) });
  await bot.press("0042");
  await bot.expectCard("Spreekkamer 3");
  await bot.fastForward(50 * second);
  expect(countDirect(bot, paul)).toBe(1);
});

it("a card from before tellPresser: true goes on being true", async () => {
  await using bot = await startBot();
  const { incident } = await bot.press("0042");
  await bot.expectCard("Spreekkamer 3");
  await bot.click(alice, incident ?? "", "claim");
  await bot.fastForward(2 * second);
  expect(presserCardOf(bot, paul).text).toContain(state.coming.headline);
  await bot.restart({ people: telling });
  await bot.click(lea, incident ?? "", "resolve", "false");
  await bot.fastForward(5 * second);
  expect(presserCardOf(bot, paul).text).toContain(state.over.headline);
  expect(bot.saidTo(paul)?.text).toContain(state.over.headline);
  bot.clock.to(bot.clock.now() + 13 * hour);
  await bot.restart({ people: telling });
  await bot.fastForward(minute);
  expect(presserCardOf(bot, paul).text).toContain(state.rest.headline);
});
