import { describe, expect, it } from "vitest";
import { nl } from "../dutch.ts";
import {
  alice,
  type Bot,
  bob,
  type CardInHand,
  minute,
  paul,
  second,
  sourceSecret,
  startBot,
  startWithAlarm,
} from "../harness.ts";
import { ringsOf } from "../rings-of.ts";

const sources = {
  buttons: { type: "webhook", secret: sourceSecret, policy: "building", channel: "frontdesk" },
  chat: { type: "teams", policy: "building", channel: "frontdesk" },
};

function listOpen(bot: Bot) {
  return bot.read((reader) => reader.listOpen(100));
}

describe("a press that went out from memory (rule 1)", () => {
  it("is an alarm once the disk is back, as old as it is, on the card that stands, by itself", async () => {
    await using bot = await startBot();
    let card: CardInHand;
    const pressedAt = bot.clock.now();
    {
      using _held = bot.holdDisk();
      await bot.press("0042", { id: "once" });
      card = await bot.expectCard(nl.card.headline.unstored);
      await bot.desk.expectPage("unclaimed");
      await bot.fastForward(20 * second);
    }
    await bot.fastForward(6 * second);
    expect(await listOpen(bot)).toMatchObject([{ openedAt: pressedAt, presses: 1 }]);
    expect(bot.look(card).text).toContain(nl.card.headline.open);
    bot.expectNoCard();
    // Its moments count from the press.
    await bot.fastForward(33 * second);
    bot.desk.expectNothing();
    await bot.fastForward(second);
    expect((await bot.desk.expectPage("unclaimed")).acceptUrl).not.toBeNull();
    expect(await bot.press("0042", { id: "once" })).toMatchObject({ status: 202, outcome: "duplicate" });
    expect((await bot.click(alice, bot.look(card), "claim")).text).toContain(nl.card.headline.coming(1));
    await bot.desk.expectPage("update");
    await bot.restartAndExpectNothingElse();
  });

  it.each([
    ["of one button", ["0042", "0042"]],
    ["at one place", ["0042", "0043", "0043"]],
  ])("is paged as of the alarm that it will be of: several %s", async (_, buttons) => {
    await using bot = await startBot();
    {
      using _held = bot.holdDisk();
      for (const [index, button] of buttons.entries()) {
        await bot.press(button, { id: `press-${index}` });
        await bot.fastForward(20 * second);
      }
    }
    await bot.fastForward(6 * second);
    const open = await listOpen(bot);
    expect(open).toHaveLength(1);
    expect(bot.desk.pages.filter(({ acceptUrl }) => acceptUrl === null)).toHaveLength(buttons.length);
    expect(new Set(bot.desk.pages.map(({ incident }) => incident.id))).toEqual(new Set([open[0]?.id]));
  });

  it("was written as the process stopped: the next one goes on on its card", async () => {
    await using bot = await startBot();
    let card: CardInHand;
    {
      using _held = bot.holdDisk();
      await bot.press("0042");
      card = await bot.expectCard(nl.card.headline.unstored);
    }
    await bot.restart();
    await bot.fastForward(2 * second);
    expect(bot.look(card).text).toContain(nl.card.headline.open);
    bot.expectNoCard();
    bot.desk.ignoreRest();
  });

  it("joins the alarm that is open, and its card leads there", async () => {
    await using bot = await startWithAlarm();
    let card: CardInHand;
    {
      using _held = bot.holdDisk();
      await bot.press("0042");
      card = await bot.expectCard(nl.card.headline.unstored);
    }
    await bot.fastForward(8 * second);
    expect(await listOpen(bot)).toMatchObject([{ id: bot.card.incident, presses: 2 }]);
    expect(JSON.stringify(card.posted.shown.at(-1))).toContain(nl.card.old.link(1));
    bot.desk.ignoreRest();
  });

  it("is paged for because nobody comes, and not because its second card had to wait: two dozen at once", {
    timeout: 240_000,
  }, async () => {
    await using bot = await startBot();
    const pressAll = async () => {
      for (let count = 0; count < 24; count += 1)
        await bot.press(`b-${count}`, { id: `press-${count}`, place: `Kamer ${count}` });
    };
    {
      using _held = bot.holdDisk();
      await pressAll();
      await bot.fastForward(15 * second);
    }
    await pressAll();
    await bot.fastForward(50 * second);
    expect(await listOpen(bot)).toHaveLength(24);
    expect(bot.teams.cards).toHaveLength(24);
    expect(bot.desk.pages.filter(({ acceptUrl }) => acceptUrl === null)).toHaveLength(24);
    const recorded = bot.desk.pages.filter(({ acceptUrl }) => acceptUrl !== null);
    expect(recorded).toHaveLength(24);
    expect(new Set(recorded.map(({ reason }) => reason))).toEqual(new Set(["unclaimed"]));
    bot.desk.ignoreRest();
    bot.phone.ignoreRest();
  });

  it("has one card, also where all senders try again at one moment: two dozen at once", {
    timeout: 240_000,
  }, async () => {
    await using bot = await startBot();
    const press = (count: number) => bot.press(`b-${count}`, { id: `press-${count}`, place: `Kamer ${count}` });
    const all = Array.from({ length: 24 }, (_, count) => count);
    {
      using _held = bot.holdDisk();
      for (const count of all) await press(count);
      await bot.fastForward(60 * second);
    }
    await Promise.all(all.map(press));
    await bot.fastForward(30 * second);
    expect(await listOpen(bot)).toHaveLength(24);
    expect(bot.teams.cards).toHaveLength(24);
    bot.desk.ignoreRest();
    bot.phone.ignoreRest();
  });

  it("has one card, also where that still waits for Teams when the disk is back: two dozen at once", {
    timeout: 240_000,
  }, async () => {
    await using bot = await startBot();
    {
      using _held = bot.holdDisk();
      for (let count = 0; count < 24; count += 1) await bot.press(`b-${count}`, { place: `Kamer ${count}` });
      await bot.fastForward(2 * second);
    }
    expect(bot.teams.cards.length).toBeLessThan(24);
    await bot.fastForward(60 * second);
    expect(await listOpen(bot)).toHaveLength(24);
    expect(bot.teams.cards).toHaveLength(24);
    bot.desk.ignoreRest();
    bot.phone.ignoreRest();
  });

  it("typed in a chat is an alarm once the disk is back, and who typed it is shown what becomes of it", async () => {
    await using bot = await startBot({ settings: { sources } });
    let card: CardInHand;
    {
      using _held = bot.holdDisk();
      await bot.type(paul, "alarm Balie");
      card = await bot.expectCard(nl.card.headline.unstored);
      await bot.fastForward(5 * second);
    }
    await bot.fastForward(6 * second);
    expect((await listOpen(bot)).map(({ place, presses }) => [place, presses])).toEqual([["Balie", 1]]);
    expect(bot.look(card).text).toContain(nl.card.headline.open);
    expect((await bot.type(paul, "alarm Balie")).text).toContain(nl.personal.answer.pressed.headline);
    expect(await listOpen(bot)).toMatchObject([{ presses: 2 }]);
    bot.desk.ignoreRest();
  });

  it("was a visit that nobody ended: it is an alarm, once, and rings its person no more", async () => {
    await using bot = await startBot({ settings: { sources } });
    await bot.type(paul, "bezoek 5");
    await bot.fastForward(8 * minute);
    let card: CardInHand;
    {
      using _held = bot.holdDisk();
      await bot.fastForward(minute + second);
      card = await bot.expectCard(nl.card.headline.unstored);
    }
    const rings = ringsOf(bot, paul).length;
    await bot.fastForward(10 * second);
    expect(await listOpen(bot)).toMatchObject([{ presses: 1, pressers: [{ via: "visit" }] }]);
    expect(bot.look(card).text).toContain(nl.card.headline.open);
    expect(await bot.read((reader) => reader.loadVisit(paul.aadObjectId))).toBeNull();
    await bot.fastForward(20 * second);
    expect(ringsOf(bot, paul)).toHaveLength(rings);
    bot.expectNoCard();
    bot.desk.ignoreRest();
    bot.phone.ignoreRest();
  });
});

describe("what was answered before a press counts as on a disk that takes all (rules 1 and 3)", () => {
  it.each([
    ["arrive", "none", ["unclaimed"]],
    ["claim", "coming", []],
  ] as const)("%s, also where the press is sent again", async (verb, state, paged) => {
    await using bot = await startWithAlarm();
    await bot.fastForward(5 * second);
    {
      using _held = bot.holdDisk();
      await bot.click(alice, bot.card, verb);
      await bot.fastForward(6 * second);
      await bot.press("0042", { id: "again" });
      await bot.fastForward(2 * second);
    }
    await bot.fastForward(8 * second);
    expect(await bot.press("0042", { id: "again" })).toMatchObject({ outcome: "duplicate" });
    expect(await listOpen(bot)).toMatchObject([{ presses: 2, responders: [{ state }] }]);
    await bot.fastForward(minute);
    const recorded = bot.desk.pages.filter(({ acceptUrl }) => acceptUrl !== null);
    expect(recorded.map(({ reason }) => reason)).toEqual(paged);
    bot.desk.ignoreRest();
    bot.phone.ignoreRest();
  });

  it("of a guard who accepted: they hold no page", async () => {
    await using bot = await startWithAlarm({ policy: { repeatEvery: "4m" } });
    await bot.fastForward(minute);
    const page = await bot.desk.expectPage("unclaimed");
    {
      using _held = bot.holdDisk();
      await bot.answer(page, "accept");
      await bot.fastForward(6 * second);
      await bot.press("0042");
      await bot.fastForward(2 * second);
    }
    await bot.fastForward(8 * second);
    expect(await listOpen(bot)).toMatchObject([{ presses: 2, round: { guards: [] } }]);
    bot.desk.ignoreRest();
    bot.phone.ignoreRest();
  });
});

describe("a call for help while the disk takes nothing for ten minutes (rule 11)", () => {
  it("of a colleague is paged at once and again, rings as often, and counts afterwards", async () => {
    await using bot = await startWithAlarm({ policy: { repeatEvery: "4m" } });
    await bot.click(alice, bot.card, "arrive");
    const before = ringsOf(bot, bob).length;
    {
      using _held = bot.holdDisk();
      await bot.click(alice, bot.card, "help");
      await bot.fastForward(6 * second);
      // By a mention, and 1:1.
      expect(ringsOf(bot, bob)).toHaveLength(before + 2);
      // A clock that leaps: each look at a disk that is held takes its time.
      for (let leaps = 0; leaps < 60; leaps += 1) {
        bot.clock.to(bot.clock.now() + 10 * second);
        await bot.settle();
      }
      expect(bot.desk.pages.map(({ reason }) => reason)).toEqual(["help", "repeat", "repeat"]);
      expect(ringsOf(bot, bob)).toHaveLength(before + 6);
    }
    await bot.fastForward(10 * second);
    expect(await bot.events(bot.card.incident)).toContain("help");
    bot.desk.ignoreRest();
    bot.phone.ignoreRest();
  });

  it("of a guard is paged at once and again, and counts afterwards", async () => {
    await using bot = await startWithAlarm({ policy: { repeatEvery: "4m" } });
    await bot.fastForward(minute);
    const page = await bot.desk.expectPage("unclaimed");
    await bot.answer(page, "arrived");
    {
      using _held = bot.holdDisk();
      const before = ringsOf(bot, bob).length;
      await bot.answer(page, "help");
      await bot.fastForward(6 * second);
      expect(ringsOf(bot, bob)).toHaveLength(before + 2);
      expect(bot.phone.pages.map(({ reason }) => reason)).toEqual(["help"]);
      for (let leaps = 0; leaps < 30; leaps += 1) {
        bot.clock.to(bot.clock.now() + 10 * second);
        await bot.settle();
      }
      expect(bot.phone.pages.map(({ reason }) => reason)).toEqual(["help", "repeat"]);
    }
    await bot.fastForward(10 * second);
    expect(await bot.events(bot.card.incident)).toContain("guard-help");
    bot.desk.ignoreRest();
    bot.phone.ignoreRest();
  });
});
