import { describe, expect, it } from "vitest";
import type { ClickVerb } from "../../bot/domain/incident/command.ts";
import { nl, shown } from "../dutch.ts";
import type { Colleague } from "../fakes/teams.ts";
import {
  alice,
  type Bot,
  type BotOptions,
  bob,
  type ChatCard,
  frontdesk,
  lea,
  minute,
  paul,
  second,
  sourceSecret,
  startBot,
} from "../harness.ts";
import { cardsOf, countDirect, presserCardOf } from "../in-chats.ts";

const { state, again, withdrawn } = nl.presser;
const { pressed, cancelled, welcome, elsewhere } = nl.personal.answer;
const { button } = nl.personal;

/** Lea wears no button, and types her alarms. */
const settings = {
  sources: {
    buttons: { type: "webhook", secret: sourceSecret, policy: "building", channel: "frontdesk" },
    chat: { type: "teams", policy: "building", channel: "frontdesk" },
  },
};

async function startWithTyped(options: BotOptions = {}) {
  const bot = await startBot({ settings, ...options });
  const answer = await bot.type(lea, "alarm Balie");
  const card = await bot.expectCard("Balie");
  await bot.fastForward(2 * second);
  async function click(who: Colleague, verb: ClickVerb, outcome?: "real"): Promise<string> {
    await bot.click(who, card, verb, outcome);
    await bot.fastForward(2 * second);
    return answerOf(bot, answer).text;
  }
  return { bot, answer, card, click };
}

/** What the bot once said, as it is shown now. */
function answerOf(bot: Bot, { id }: ChatCard, who = lea): ChatCard {
  const now = bot.chatWith(who).find((each) => each.id === id);
  if (now === undefined) throw new Error("it is not there any more");
  return now;
}

describe("who typed an alarm and wears no button", () => {
  it("reads on the answer, without a sound, what humans have said; never before they do, and no longer than it holds", async () => {
    const { bot: started, answer, click } = await startWithTyped();
    await using bot = started;
    const before = countDirect(bot, lea);
    expect(answerOf(bot, answer).text).toContain(pressed.headline);
    // Somebody who can't come is nobody who comes, and the way to say that it was by accident stays.
    expect(await click(bob, "decline")).toContain(pressed.headline);
    expect(answerOf(bot, answer).buttons).toEqual([button.oops]);
    expect(await click(alice, "claim")).toContain(state.coming.headline);
    // By then it is too late for that.
    expect(await click(alice, "decline")).toContain(shown(state.received.text.join("\n")));
    expect(answerOf(bot, answer).buttons).toEqual([]);
    await bot.fastForward(minute);
    await bot.answer(await bot.desk.expectPage("unclaimed"), "accept");
    await bot.fastForward(2 * second);
    expect(answerOf(bot, answer).text).toContain(state.coming.headline);
    expect(await click(alice, "arrive")).toContain(state.there.headline);
    expect(answerOf(bot, answer).text).toContain(shown(again.there.chat));
    const over = await click(alice, "resolve", "real");
    for (const part of [state.over.headline, alice.name, shown(again.over.chat)]) expect(over).toContain(part);
    expect(over).not.toMatch(/knop/);
    expect(countDirect(bot, lea)).toBe(before);
  });

  it("goes on reading it after a restart, and where Teams refused a change", async () => {
    const { bot: started, answer, card } = await startWithTyped();
    await using bot = started;
    await bot.restart();
    bot.teams.fail("update", { kind: "status", status: 403, where: bot.teams.chatOf(lea) });
    await bot.click(alice, card, "claim");
    await bot.fastForward(10 * second);
    expect(answerOf(bot, answer).text).toContain(pressed.headline);
    bot.teams.fail("update", null);
    await bot.fastForward(31 * second);
    expect(answerOf(bot, answer).text).toContain(state.coming.headline);
  });

  it.each([
    ["had to be a text", { kind: "status", status: 403 }],
    ["came late", { kind: "status", status: 502 }],
  ] as const)("reads it also on an answer that %s", async (_name, failure) => {
    await using bot = await startBot({ settings });
    bot.teams.fail("card", { ...failure, where: bot.teams.chatOf(lea) });
    await bot.teams.say(lea, bot.teams.chatOf(lea), "alarm Balie");
    const card = await bot.expectCard("Balie");
    bot.teams.fail("card", null);
    await bot.fastForward(5 * second);
    await bot.click(alice, card, "claim");
    await bot.fastForward(2 * second);
    expect(bot.chatWith(lea).at(-1)?.text).toContain(state.coming.headline);
    expect(countDirect(bot, lea)).toBe(1);
  });

  it("reads there that it was withdrawn, and all the same that somebody comes", async () => {
    const { bot: started, answer, click } = await startWithTyped();
    await using bot = started;
    await bot.clickInChat(lea, button.oops, answer);
    await bot.fastForward(2 * second);
    expect(answerOf(bot, answer).text).toContain(cancelled.headline);
    const coming = await click(alice, "claim");
    expect(coming).toContain(state.coming.headline);
    expect(coming).toContain(withdrawn);
  });

  it("reads it on the card on which they clicked Alarm, and again when they do so once more", async () => {
    await using bot = await startBot({ settings });
    const greeting = await bot.type(lea, "hallo");
    expect(greeting.text).toContain(welcome.headline);
    for (const place of ["1", "2"]) {
      await bot.clickInChat(lea, button.alarm, answerOf(bot, greeting));
      const card = await bot.expectCard(nl.terms.placeUnknown);
      await bot.fastForward(2 * second);
      expect(answerOf(bot, greeting).text).toContain(pressed.headline);
      await bot.click(alice, card, "arrive");
      await bot.fastForward(2 * second);
      expect(answerOf(bot, greeting).text, place).toContain(state.there.headline);
      await bot.click(alice, card, "resolve", "real");
      await bot.fastForward(2 * second);
      expect(answerOf(bot, greeting).buttons).toEqual([button.alarm]);
    }
  });

  it("reads the next alarm on its own answer, and the end of the first one stays", async () => {
    const { bot: started, answer, click } = await startWithTyped();
    await using bot = started;
    await click(alice, "arrive");
    await click(alice, "resolve", "real");
    const next = await bot.type(lea, "alarm Kelder");
    const card = await bot.expectCard("Kelder");
    await bot.click(bob, card, "claim");
    await bot.fastForward(2 * second);
    expect(answerOf(bot, next).text).toContain(state.coming.headline);
    expect(answerOf(bot, answer).text).toContain(state.over.headline);
  });

  it("reads it where they last typed, when they type it again while it is open, and nothing untrue before that", async () => {
    const { bot: started, answer, click } = await startWithTyped();
    await using bot = started;
    await click(alice, "claim");
    const newer = await bot.type(lea, "alarm Balie");
    await bot.fastForward(2 * second);
    expect(answerOf(bot, newer).text).toContain(state.coming.headline);
    const before = answerOf(bot, answer);
    expect(before.text).toContain(elsewhere.headline);
    expect(before.buttons).toEqual([]);
    for (const [who, verb, headline] of [
      [alice, "decline", state.received.headline],
      [bob, "arrive", state.there.headline],
    ] as const) {
      await click(who, verb);
      expect(answerOf(bot, newer).text).toContain(headline);
      expect(answerOf(bot, answer)).toEqual(before);
    }
  });

  it("reads on every answer what is true, also where Teams took a change late, after a restart, and of many", async () => {
    const { bot: started, card, click } = await startWithTyped();
    await using bot = started;
    await click(alice, "claim");
    bot.teams.fail("update", { kind: "status", status: 403, where: bot.teams.chatOf(lea) });
    for (let times = 0; times < 30; times += 1) {
      await bot.type(lea, "alarm Balie");
      await bot.fastForward(second);
    }
    await bot.click(alice, card, "decline");
    await bot.fastForward(20 * second);
    const tries = bot.teams.calls.filter(({ route }) => route === "update").length;
    expect(tries).toBeLessThan(200);
    await bot.stop();
    bot.teams.fail("update", null);
    await bot.start();
    await bot.fastForward(40 * second);
    const answers = cardsOf(bot, lea);
    expect(answers.slice(0, -1).map(({ text }) => text.split("\n")[0])).toEqual(Array(30).fill(elsewhere.headline));
    expect(answers.at(-1)?.text).toContain(shown(state.received.text.join("\n")));
    bot.desk.ignoreRest();
    bot.phone.ignoreRest();
  });

  it("reads it nowhere else: not in a channel, where others read along", async () => {
    await using bot = await startBot({ settings });
    const answer = await bot.type(lea, "alarm Balie", frontdesk);
    const card = await bot.expectCard("Balie");
    await bot.click(alice, card, "claim");
    await bot.fastForward(2 * second);
    expect(answer.text).toContain(pressed.headline);
    expect(JSON.stringify(bot.teams.calls)).not.toContain(state.coming.headline);
  });
});

it("who wears a button reads it on the card that stands for that, and where they typed it", async () => {
  await using bot = await startBot({ settings });
  const answer = await bot.type(paul, "alarm Balie");
  const card = await bot.expectCard("Balie");
  await bot.click(alice, card, "claim");
  await bot.fastForward(2 * second);
  expect(presserCardOf(bot, paul).text).toContain(state.coming.headline);
  expect(answerOf(bot, answer, paul).text).toContain(state.coming.headline);
});

it("a second visit that nobody ended goes on on its own message", async () => {
  await using bot = await startBot({ settings });
  for (const verb of ["claim", "arrive"] as const) {
    await bot.type(alice, "bezoek 5");
    await bot.fastForward(9 * minute);
    const card = await bot.expectCard(nl.terms.placeUnknown);
    await bot.fastForward(2 * second);
    const said = bot.chatWith(alice).at(-1);
    expect(said?.text).toContain(nl.personal.answer["visit-pressed"].headline);
    await bot.click(bob, card, verb);
    await bot.fastForward(2 * second);
    expect(bot.chatWith(alice).at(-1)?.text).toContain((verb === "claim" ? state.coming : state.there).headline);
    await bot.click(lea, card, "resolve", "false");
    await bot.fastForward(2 * second);
    expect(bot.chatWith(alice).at(-1)?.text).toContain(state.over.headline);
    bot.desk.ignoreRest();
    bot.phone.ignoreRest();
  }
});
