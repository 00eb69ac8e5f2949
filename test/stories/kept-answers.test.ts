import { describe, expect, it } from "vitest";
import { changeDatabase } from "../damage.ts";
import { nl } from "../dutch.ts";
import { alice, type Bot, lea, minute, second, startWithAlarm } from "../harness.ts";
import { ringsOf } from "../rings-of.ts";

function listOpen(bot: Bot) {
  return bot.read((reader) => reader.listOpen(100));
}

describe("a kept press, and what was answered after it (rules 1 and 3)", () => {
  it.each(["while nothing is written", "once the disk is back"])(
    "takes back no arrival that was said after it, where it waits behind sixteen others: %s",
    async (when) => {
      await using bot = await startWithAlarm();
      {
        using _held = bot.holdDisk();
        for (let count = 0; count < 16; count += 1) await bot.press(`b-${count}`, { place: `Kamer ${count}` });
        await bot.press("0042", { id: "again" });
        await bot.fastForward(20 * second);
        if (when === "while nothing is written") await bot.click(alice, bot.card, "arrive");
      }
      if (when === "once the disk is back") await bot.click(alice, bot.card, "arrive");
      await bot.fastForward(10 * second);
      const [own] = (await listOpen(bot)).filter(({ id }) => id === bot.card.incident);
      expect(own).toMatchObject({ presses: 2, responders: [{ state: "there" }] });
      bot.desk.ignoreRest();
      bot.phone.ignoreRest();
    },
  );

  it("opens no alarm anew that was closed after it, where it waits behind sixteen others", async () => {
    await using bot = await startWithAlarm();
    await bot.click(alice, bot.card, "arrive");
    {
      using _held = bot.holdDisk();
      for (let count = 0; count < 16; count += 1) await bot.press(`b-${count}`, { place: `Kamer ${count}` });
      await bot.press("0042", { id: "again" });
      await bot.fastForward(20 * second);
      await bot.click(lea, bot.card, "resolve", "false");
    }
    await bot.fastForward(10 * second);
    expect((await listOpen(bot)).map(({ button }) => button)).not.toContain("0042");
    bot.desk.ignoreRest();
    bot.phone.ignoreRest();
  });
});

describe("what was answered before a kept press (rule 3)", () => {
  it("and once more after it counts both times: a new round begins, and they are there in it", async () => {
    await using bot = await startWithAlarm();
    {
      using _held = bot.holdDisk();
      await bot.click(alice, bot.card, "arrive");
      await bot.fastForward(6 * second);
      await bot.press("0042", { id: "again" });
      await bot.fastForward(2 * second);
      await bot.click(alice, bot.card, "arrive");
      await bot.fastForward(second);
    }
    await bot.fastForward(8 * second);
    expect(await listOpen(bot)).toMatchObject([{ presses: 2, responders: [{ state: "there" }], round: { number: 2 } }]);
    bot.desk.ignoreRest();
    bot.phone.ignoreRest();
  });

  it("closes the alarm, and the press opens another one on its card", async () => {
    await using bot = await startWithAlarm();
    {
      using _held = bot.holdDisk();
      await bot.click(lea, bot.card, "resolve", "false");
      await bot.fastForward(6 * second);
      await bot.press("0042", { id: "again" });
      await bot.fastForward(2 * second);
    }
    await bot.fastForward(8 * second);
    expect(await bot.events(bot.card.incident)).toContain("closed");
    const open = await listOpen(bot);
    expect(open).toMatchObject([{ button: "0042", presses: 1 }]);
    // Of the closed one an alarm centre would be told that it is over.
    const fromMemory = bot.desk.pages.filter(({ acceptUrl }) => acceptUrl === null);
    expect(fromMemory.map(({ incident }) => incident.id)).toEqual([open[0]?.id]);
    expect(bot.teams.cards).toHaveLength(2);
    bot.desk.ignoreRest();
    bot.phone.ignoreRest();
  });

  it("that 112 was called stays told: a press makes nothing of that void", async () => {
    await using bot = await startWithAlarm();
    await bot.click(alice, bot.card, "arrive");
    {
      using _held = bot.holdDisk();
      await bot.click(alice, bot.card, "112-called");
      await bot.fastForward(6 * second);
      await bot.press("0042", { id: "again" });
      await bot.fastForward(2 * second);
    }
    await bot.fastForward(8 * second);
    expect(await listOpen(bot)).toMatchObject([{ presses: 2, called112At: expect.any(Number) }]);
    bot.desk.ignoreRest();
    bot.phone.ignoreRest();
  });
});

describe("who said that they are there, or need help, while nothing was written (rule 7)", () => {
  it.each([
    ["arrive", "before"],
    ["arrive", "after"],
    ["help", "before"],
    ["help", "after"],
  ] as const)(
    "hears nothing of that alarm when its kept press is written: %s, %s it was pressed",
    async (verb, when) => {
      await using bot = await startWithAlarm();
      await bot.fastForward(5 * second);
      let rings: number;
      {
        using _held = bot.holdDisk();
        if (when === "before") await bot.click(alice, bot.card, verb);
        await bot.fastForward(6 * second);
        await bot.press("0042", { id: "again" });
        await bot.fastForward(2 * second);
        if (when === "after") await bot.click(alice, bot.card, verb);
        await bot.fastForward(500);
        rings = ringsOf(bot, alice).length;
      }
      await bot.fastForward(8 * second);
      expect(ringsOf(bot, alice)).toHaveLength(rings);
      bot.desk.ignoreRest();
      bot.phone.ignoreRest();
    },
  );
});

describe("who said before a kept press that they are there (rule 7)", () => {
  it("is rung for no other alarm either: they may be beside an aggressor still", async () => {
    await using bot = await startWithAlarm();
    await bot.fastForward(5 * second);
    {
      using _held = bot.holdDisk();
      await bot.click(alice, bot.card, "arrive");
      await bot.fastForward(6 * second);
      await bot.press("0042", { id: "again" });
      await bot.fastForward(2 * second);
    }
    await bot.fastForward(20 * second);
    const rings = ringsOf(bot, alice).length;
    await bot.press("0051");
    await bot.fastForward(10 * second);
    expect(ringsOf(bot, alice)).toHaveLength(rings);
    bot.desk.ignoreRest();
    bot.phone.ignoreRest();
  });
});

describe("who said after a kept press that they are there, and is not on disk yet (rule 7)", () => {
  it("is rung for no other alarm in between", async () => {
    await using bot = await startWithAlarm();
    await bot.fastForward(5 * second);
    let rings: number;
    {
      using _held = bot.holdDisk();
      await bot.press("0042", { id: "again" });
      await bot.fastForward(2 * second);
      await bot.click(alice, bot.card, "arrive");
      await bot.fastForward(6 * second);
      await bot.press("0051");
      await bot.fastForward(5 * second + 500);
      rings = ringsOf(bot, alice).length;
    }
    await bot.press("0060");
    await bot.fastForward(10 * second);
    expect(ringsOf(bot, alice)).toHaveLength(rings);
    bot.desk.ignoreRest();
    bot.phone.ignoreRest();
  });
});

it("rule 1: what was decided in memory and can't be written holds up no answer for good, and is paged for anew", async () => {
  await using bot = await startWithAlarm({ policy: { repeatEvery: "1m" } });
  // There is room for two rounds, and never for a third one.
  const third = `new.body like '%"round-started"%' and new.body like '%"round":3%'`;
  const refused = "begin select raise(abort, 'no room'); end";
  changeDatabase(
    `${bot.folder}/rugdekking.db`,
    `create trigger room before insert on history when ${third} ${refused}`,
  );
  {
    using _held = bot.holdDisk();
    await bot.fastForward(6 * minute);
  }
  await bot.click(alice, bot.card, "claim");
  await bot.fastForward(20 * second);
  expect(await bot.events(bot.card.incident)).not.toContain("claimed");
  await bot.fastForward(minute);
  expect(await bot.events(bot.card.incident)).toContain("claimed");
  expect(bot.card.text).toContain(nl.card.headline.coming(1));
  // She does not come, and the page of that step went out before, as far as anybody remembers.
  bot.desk.ignoreRest();
  await bot.fastForward(minute);
  expect((await bot.desk.expectPage("lapsed")).page).toBe(`${bot.card.incident}-1-1`);
  bot.desk.ignoreRest();
  bot.phone.ignoreRest();
});
