import { describe, expect, it } from "vitest";
import type { ClickVerb } from "../../bot/domain/incident/command.ts";
import { changeDatabase } from "../damage.ts";
import { nl } from "../dutch.ts";
import {
  alice,
  type Bot,
  type BotOptions,
  frontdesk,
  minute,
  paul,
  second,
  sourceSecret,
  startBot,
} from "../harness.ts";
import { ringsOf } from "../rings-of.ts";

const sources = {
  buttons: { type: "webhook", secret: sourceSecret, policy: "building", channel: "frontdesk" },
  chat: { type: "teams", policy: "building", channel: "frontdesk" },
};
const buttons = [
  { source: "buttons", id: "field-paul", holder: paul.name, fixed: false },
  { source: "buttons", id: "desk", place: "Balie" },
];

async function start(options: BotOptions = {}): Promise<Bot> {
  const bot = await startBot({ ...options, settings: { sources, buttons } });
  await bot.fastForward(minute);
  return bot;
}

/** How the bot counts what sounds for somebody from now on. */
function countRings(bot: Bot, who = paul): () => number {
  const before = ringsOf(bot, who).length;
  return () => ringsOf(bot, who).length - before;
}

async function listOpen(bot: Bot) {
  return bot.read((reader) => reader.listOpen(10));
}

/** The ways in which somebody on a visit can press; `card` is that of their visit. */
const presses = {
  "their own button": (bot: Bot) => bot.press("field-paul", { place: "Dorpsstraat 1" }),
  "the word alarm": (bot: Bot) => bot.type(paul, "alarm"),
  "Alarm on the card of the visit": (bot: Bot, card: Awaited<ReturnType<Bot["type"]>>) =>
    bot.clickInChat(paul, nl.personal.button.alarm, card),
} as const;

describe("a visit of who presses (rules 7 and 27)", () => {
  it.each(Object.keys(presses) as (keyof typeof presses)[])(
    "is over by %s: no question, no second press",
    async (way) => {
      await using bot = await start();
      const card = await bot.type(paul, "bezoek 5");
      await bot.fastForward(minute);
      await presses[way](bot, card);
      await bot.fastForward(5 * second);
      const rings = countRings(bot);
      await bot.fastForward(15 * minute);
      expect(rings()).toBe(0);
      expect((await listOpen(bot)).map((each) => each.presses)).toEqual([1]);
      expect(await bot.read((reader) => reader.loadVisit(paul.aadObjectId))).toBeNull();
      bot.desk.ignoreRest();
      bot.phone.ignoreRest();
    },
  );

  it("asks nothing where the disk takes the question and not the press: the visit is an alarm then", async () => {
    await using bot = await start();
    await bot.type(paul, "bezoek 5");
    await bot.stop();
    const refused = "new.button = 'field-paul' begin select raise(abort, 'refused'); end";
    changeDatabase(`${bot.folder}/rugdekking.db`, `create trigger refuses before insert on incidents when ${refused}`);
    await bot.start();
    await bot.fastForward(minute);
    const rings = countRings(bot);
    expect(await bot.press("field-paul", { place: "Dorpsstraat 1" })).toMatchObject({ status: 503 });
    await bot.fastForward(4 * minute + second);
    expect(await listOpen(bot)).toMatchObject([{ button: paul.aadObjectId, presses: 1 }]);
    await bot.fastForward(10 * minute);
    expect(rings()).toBe(0);
    bot.desk.ignoreRest();
    bot.phone.ignoreRest();
  });

  it("is over between two questions as well", async () => {
    await using bot = await start();
    await bot.type(paul, "bezoek 5");
    await bot.fastForward(5 * minute + second);
    const rings = countRings(bot);
    await bot.press("field-paul", { place: "Dorpsstraat 1" });
    await bot.fastForward(15 * minute);
    expect(rings()).toBe(0);
    expect(await listOpen(bot)).toHaveLength(1);
    bot.desk.ignoreRest();
    bot.phone.ignoreRest();
  });

  it("goes on when a colleague presses", async () => {
    await using bot = await start();
    await bot.type(alice, "bezoek 5");
    await bot.press("field-paul", { place: "Dorpsstraat 1" });
    await bot.fastForward(5 * minute + second);
    expect(bot.chatWith(alice).some(({ text }) => text.includes(nl.visit.ask("").headline))).toBe(true);
    bot.desk.ignoreRest();
    bot.phone.ignoreRest();
  });

  it("is over by a press that could only go out from memory, before the disk is back and after that", async () => {
    await using bot = await start();
    await bot.type(paul, "bezoek 5");
    await bot.fastForward(minute);
    let rings = countRings(bot);
    const pressedAt = bot.clock.now();
    {
      using _held = bot.holdDisk();
      await bot.press("field-paul", { place: "Dorpsstraat 1" }).catch(() => null);
      await bot.expectCard(nl.card.headline.unstored);
      rings = countRings(bot);
      for (let leaps = 0; leaps < 30; leaps += 1) {
        bot.clock.to(bot.clock.now() + 20 * second);
        await bot.settle();
      }
      bot.expectNoCard();
    }
    await bot.fastForward(10 * minute);
    expect(rings()).toBe(0);
    expect((await listOpen(bot)).map(({ presses, openedAt }) => [presses, openedAt])).toEqual([[1, pressedAt]]);
    expect(await bot.read((reader) => reader.loadVisit(paul.aadObjectId))).toBeNull();
    bot.desk.ignoreRest();
    bot.phone.ignoreRest();
  });
});

it("a press that nobody has, because neither the disk, Teams nor security took it, ends a visit once the disk does", async () => {
  await using bot = await start();
  await bot.type(paul, "bezoek 5");
  await bot.fastForward(minute);
  {
    using _held = bot.holdDisk();
    bot.teams.fail("card", { kind: "status", status: 503, where: frontdesk });
    for (const desk of [bot.desk, bot.phone]) desk.answerWith({ kind: "refuse", status: 500 });
    expect((await bot.press("field-paul", { place: "Dorpsstraat 1" })).status).toBe(503);
    await bot.fastForward(20 * second);
    bot.teams.fail("card", null);
    for (const desk of [bot.desk, bot.phone]) desk.answerWith({ kind: "ok" });
  }
  const rings = countRings(bot);
  await bot.fastForward(15 * minute);
  expect(rings()).toBe(0);
  expect((await listOpen(bot)).flatMap(({ pressers }) => pressers.map(({ via }) => via))).toEqual(["button"]);
  bot.desk.ignoreRest();
  bot.phone.ignoreRest();
});

describe("a visit of who is there, or asked for help, at another alarm (rule 7)", () => {
  it.each(["arrive", "help"] as ClickVerb[])(
    "after %s asks nothing by a sound, and unanswered is a press all the same",
    async (verb) => {
      await using bot = await start();
      await bot.type(alice, "bezoek 5");
      const { incident } = await bot.press("desk");
      await bot.click(alice, incident ?? "", verb);
      await bot.fastForward(5 * second);
      const rings = countRings(bot, alice);
      await bot.fastForward(9 * minute + 10 * second);
      expect(rings()).toBe(0);
      const vias = (await listOpen(bot)).flatMap(({ pressers }) => pressers.map(({ via }) => via));
      expect(vias).toContain("visit");
      bot.desk.ignoreRest();
      bot.phone.ignoreRest();
    },
  );

  it("asks by a sound again once that alarm is closed", async () => {
    await using bot = await start();
    await bot.type(alice, "bezoek 5");
    const { incident } = await bot.press("desk");
    await bot.click(alice, incident ?? "", "arrive");
    await bot.click(alice, incident ?? "", "resolve", "false");
    await bot.fastForward(5 * minute + second);
    expect(bot.saidTo(alice)?.text).toContain(nl.visit.ask("").headline);
    bot.desk.ignoreRest();
  });
});
