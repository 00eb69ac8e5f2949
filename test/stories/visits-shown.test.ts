import { describe, expect, it } from "vitest";
import type { ClickVerb } from "../../bot/domain/incident/command.ts";
import { nl, says, shown } from "../dutch.ts";
import {
  alice,
  type Bot,
  type BotOptions,
  type ChatCard,
  hour,
  lea,
  minute,
  paul,
  people,
  second,
  sourceSecret,
  startBot,
} from "../harness.ts";
import { countDirect, presserCardOf } from "../in-chats.ts";
import { ringsOf } from "../rings-of.ts";

const { state } = nl.presser;
const { elsewhere } = nl.personal.answer;
const sources = {
  buttons: { type: "webhook", secret: sourceSecret, policy: "building", channel: "frontdesk" },
  chat: { type: "teams", policy: "building", channel: "frontdesk" },
};
const buttons = [{ source: "buttons", id: "field-paul", holder: paul.name, fixed: false }];
const visitButtons = [nl.personal.button["visit-done"], nl.personal.button["visit-longer"], nl.personal.button.alarm];
const telling = people.map((person) => (person.name === paul.name ? { ...person, tellPresser: true } : person));

async function startVisit(options: BotOptions = {}, who = paul) {
  const settings = { sources, buttons, ...options.settings };
  const bot = await startBot({ ...options, settings });
  await bot.fastForward(minute);
  const message = await bot.type(who, "bezoek 5");
  await bot.fastForward(10 * second);
  return { bot, message };
}

/** What the bot once said, as it is shown now. */
function nowOf(bot: Bot, { id }: ChatCard, who = paul): ChatCard {
  const now = bot.chatWith(who).find((each) => each.id === id);
  if (now === undefined) throw new Error("it is not there any more");
  return now;
}

function refuse(bot: Bot): void {
  bot.teams.fail("update", { kind: "status", status: 403, where: bot.teams.chatOf(paul) });
}

describe("who presses by their device while on a visit (rule 27)", () => {
  it("reads on the message of that visit, without a sound, what humans have said; its buttons are gone", async () => {
    const { bot: started, message } = await startVisit();
    await using bot = started;
    expect(nowOf(bot, message).buttons).toEqual(visitButtons);
    const [direct, rung] = [countDirect(bot, paul), ringsOf(bot, paul).length];
    const { incident } = await bot.press("field-paul", { place: "Dorpsstraat 1" });
    await bot.fastForward(2 * second);
    expect(nowOf(bot, message).text).toContain(shown(state.received.text.join("\n")));
    expect(nowOf(bot, message).buttons).toEqual([]);
    await bot.restart();
    for (const [verb, headline] of [
      ["claim", state.coming.headline],
      ["decline", state.received.headline],
      ["arrive", state.there.headline],
      ["resolve", state.over.headline],
    ] as const satisfies [ClickVerb, string][]) {
      await bot.click(alice, incident ?? "", verb, verb === "resolve" ? "real" : undefined);
      await bot.fastForward(2 * second);
      expect(nowOf(bot, message).text).toContain(headline);
      expect(presserCardOf(bot, paul).text).toContain(headline);
    }
    expect([countDirect(bot, paul), ringsOf(bot, paul).length]).toEqual([direct, rung]);
    expect(await bot.read((reader) => reader.listFollowUps(paul.aadObjectId))).toEqual([]);
    bot.desk.ignoreRest();
    bot.phone.ignoreRest();
  });

  it("reads it also on the question that was asked last, and on the message before that it goes on elsewhere", async () => {
    const { bot: started, message } = await startVisit();
    await using bot = started;
    await bot.fastForward(5 * minute);
    const question = bot.saidTo(paul) ?? message;
    expect(question.text).toContain(nl.visit.ask("").headline);
    expect(nowOf(bot, message).text).toContain(says(elsewhere));
    expect(nowOf(bot, message).buttons).toEqual([]);
    await bot.press("field-paul", { place: "Dorpsstraat 1" });
    await bot.fastForward(2 * second);
    expect(nowOf(bot, question).text).toContain(state.received.headline);
    expect(nowOf(bot, question).buttons).toEqual([]);
    bot.desk.ignoreRest();
    bot.phone.ignoreRest();
  });

  it("is told by messages as well with tellPresser: true, and the message of the visit is true", async () => {
    const { bot: started, message } = await startVisit({ settings: { people: telling } });
    await using bot = started;
    const { incident } = await bot.press("field-paul", { place: "Dorpsstraat 1" });
    await bot.fastForward(2 * second);
    await bot.click(alice, incident ?? "", "claim");
    await bot.fastForward(2 * second);
    expect(bot.saidTo(paul)?.text).toContain(state.coming.headline);
    expect(nowOf(bot, message).text).toContain(state.coming.headline);
    bot.desk.ignoreRest();
    bot.phone.ignoreRest();
  });

  it("is shown it late where Teams refuses that, after a restart too, and nothing else waits", async () => {
    const { bot: started, message } = await startVisit();
    await using bot = started;
    refuse(bot);
    const { incident } = await bot.press("field-paul", { place: "Dorpsstraat 1" });
    const card = await bot.expectCard("Dorpsstraat 1");
    await bot.click(alice, incident ?? "", "claim");
    await bot.fastForward(2 * second);
    expect(bot.look(card).text).toContain(nl.card.headline.coming(1));
    expect(nowOf(bot, message).buttons).toEqual(visitButtons);
    expect(bot.lines.filter(({ event }) => event === "follow-up-refused")).toHaveLength(1);
    await bot.restart();
    await bot.fastForward(10 * second);
    await bot.click(alice, incident ?? "", "decline");
    await bot.fastForward(10 * second);
    bot.teams.fail("update", null);
    await bot.fastForward(31 * second);
    expect(nowOf(bot, message).text).toContain(state.received.headline);
    bot.desk.ignoreRest();
    bot.phone.ignoreRest();
  });

  it("whose message is gone is shown the rest all the same", async () => {
    const { bot: started, message } = await startVisit();
    await using bot = started;
    bot.teams.remove(message.id ?? "", 404);
    await bot.press("field-paul", { place: "Dorpsstraat 1" });
    await bot.fastForward(2 * second);
    expect(presserCardOf(bot, paul).text).toContain(state.received.headline);
    expect(bot.lines.filter(({ event }) => event === "follow-up-left")).toHaveLength(1);
    expect(await bot.read((reader) => reader.listFollowUps(paul.aadObjectId))).toEqual([]);
    bot.desk.ignoreRest();
    bot.phone.ignoreRest();
  });

  it("reads what becomes of a press that could only go out from memory, once that is written", async () => {
    const { bot: started, message } = await startVisit();
    await using bot = started;
    {
      using _held = bot.holdDisk();
      await bot.press("field-paul", { place: "Dorpsstraat 1" }).catch(() => null);
      await bot.expectCard(nl.card.headline.unstored);
    }
    await bot.fastForward(10 * minute);
    expect(nowOf(bot, message).text).toContain(state.received.headline);
    expect(nowOf(bot, message).buttons).toEqual([]);
    bot.desk.ignoreRest();
    bot.phone.ignoreRest();
  });
});

describe("the message of a visit", () => {
  it.each(["klaar", "Ik ben klaar"] as const)("says that it is done, without buttons, after %s", async (how) => {
    const { bot: started, message } = await startVisit();
    await using bot = started;
    if (how === "klaar") await bot.type(paul, "klaar");
    else await bot.clickInChat(paul, nl.personal.button["visit-done"], message);
    await bot.fastForward(2 * second);
    expect(nowOf(bot, message).text).toContain(says(nl.personal.answer["visit-ended"]));
    expect(nowOf(bot, message).buttons).toEqual([]);
    expect(await bot.read((reader) => reader.listFollowUps(paul.aadObjectId))).toEqual([]);
  });

  it("says until when, after it was made longer by another one, which says that it goes on elsewhere", async () => {
    const { bot: started, message } = await startVisit({}, lea);
    await using bot = started;
    const newer = await bot.type(lea, "hallo");
    await bot.fastForward(2 * second);
    expect(nowOf(bot, message, lea).text).toContain(elsewhere.headline);
    // As it was shown when she clicked.
    await bot.clickInChat(lea, nl.personal.button["visit-longer"], message);
    await bot.fastForward(2 * second);
    expect(nowOf(bot, message, lea).text).toContain(says(nl.visit.started("10:21:00")));
    expect(nowOf(bot, newer, lea).text).toContain(elsewhere.headline);
  });

  it("is asked on without a sound, where somebody is at another alarm", async () => {
    const { bot: started, message } = await startVisit(
      { settings: { buttons: [{ ...buttons[0], id: "desk" }] } },
      alice,
    );
    await using bot = started;
    const { incident } = await bot.press("desk");
    await bot.click(alice, incident ?? "", "arrive");
    await bot.fastForward(5 * minute);
    expect(nowOf(bot, message, alice).text).toContain(nl.visit.ask("").headline);
    expect(nowOf(bot, message, alice).buttons).toEqual(visitButtons);
    bot.desk.ignoreRest();
    bot.phone.ignoreRest();
  });

  it("goes on on the last one once nobody answered, and the end is the last that it says", async () => {
    const { bot: started, message } = await startVisit();
    await using bot = started;
    await bot.fastForward(9 * minute + 2 * second);
    const card = await bot.expectCard(nl.terms.placeUnknown);
    const said = bot.saidTo(paul) ?? message;
    expect(said.text).toContain(says(nl.personal.answer["visit-pressed"]));
    const before = bot.chatWith(paul).filter(({ id }) => id !== said.id && id !== presserCardOf(bot, paul).id);
    for (const { text, buttons: left } of before) expect([text, left]).toEqual([says(elsewhere), []]);
    await bot.click(lea, card, "resolve", "false");
    await bot.fastForward(2 * second);
    expect(nowOf(bot, said).text).toContain(state.over.headline);
    bot.clock.to(bot.clock.now() + hour);
    await bot.settle();
    expect(nowOf(bot, said).text).toContain(state.over.headline);
    bot.desk.ignoreRest();
    bot.phone.ignoreRest();
  });

  it("becomes part of the alarm that they typed before it, without a sound: nothing was asked", async () => {
    await using bot = await startBot({ settings: { sources } });
    await bot.type(alice, "alarm");
    const card = await bot.expectCard(nl.terms.placeUnknown);
    const message = await bot.type(alice, "bezoek 5");
    await bot.fastForward(2 * second);
    const rung = ringsOf(bot, alice).length;
    await bot.fastForward(10 * minute);
    expect(ringsOf(bot, alice)).toHaveLength(rung);
    expect(nowOf(bot, message, alice).buttons).toEqual([]);
    await bot.click(lea, card, "claim");
    await bot.fastForward(2 * second);
    expect(nowOf(bot, message, alice).text).toContain(state.coming.headline);
    bot.desk.ignoreRest();
    bot.phone.ignoreRest();
  });
});
