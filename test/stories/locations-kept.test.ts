import { describe, expect, it } from "vitest";
import { nl } from "../dutch.ts";
import { alice, type Bot, bob, carol, minute, paul, second, startBot } from "../harness.ts";
import { newestOf } from "../in-chats.ts";
import { act, followRings, incidentOf, ownChannel, personAt, pool, sources, townHall, yard } from "../located.ts";

const locations = { "town-hall": townHall, yard, pool };
/** Alice is of the town hall, Bob of the yard, Carol of the pool; Paul types, and may be at two of them. */
const people = [
  personAt(alice, ["town-hall"]),
  personAt(bob, ["yard"]),
  personAt(carol, ["pool"]),
  personAt(paul, ["town-hall", "yard"]),
];
const settings = { locations, people, sources, policies: { building: ownChannel }, buttons: [] };
const { answer: answers } = nl.personal;

/** Paul has typed an alarm at one of two locations. */
async function startAsked(): Promise<Bot> {
  const bot = await startBot({ settings });
  await act(bot, "message", "alarm balie");
  await bot.fastForward(2 * second);
  return bot;
}

/** He clicks the wrong one, while nothing can be written. */
async function misclick(bot: Bot): Promise<void> {
  const clicked = await bot.clickInChat(paul, "Gemeentehuis", newestOf(bot, paul));
  expect(clicked.text).toContain(answers["location-kept"].headline);
  await bot.fastForward(2 * second);
}

function end(bot: Bot): void {
  bot.desk.ignoreRest();
  bot.phone.ignoreRest();
}

describe("a location that is kept while nothing can be written, and another that is named after it (rule 22)", () => {
  it.each([
    ["with a new alarm", (bot: Bot) => bot.type(paul, "alarm stadswerf")],
    ["by editing the message", (bot: Bot) => act(bot, "messageUpdate", "alarm balie stadswerf")],
  ])("%s: the newer one stands", async (_how, correct) => {
    await using bot = await startAsked();
    const rung = followRings(bot);
    rung();
    {
      using _disk = bot.holdDisk();
      await misclick(bot);
      await correct(bot);
      await bot.fastForward(7 * second);
    }
    await bot.fastForward(5 * second);
    expect(await incidentOf(bot)).toMatchObject({ location: "yard" });
    expect(rung()).not.toContain(alice.name);
    end(bot);
  });

  it("once the disk takes it again, before the kept one is tried: the newer one stands", async () => {
    await using bot = await startAsked();
    {
      using _disk = bot.holdDisk();
      await misclick(bot);
      await bot.fastForward(4 * second);
    }
    await bot.type(paul, "alarm stadswerf");
    await bot.fastForward(5 * second);
    expect(await incidentOf(bot)).toMatchObject({ location: "yard" });
    end(bot);
  });

  it("security has the newest of three as its last word", async () => {
    await using bot = await startAsked();
    {
      using _disk = bot.holdDisk();
      await misclick(bot);
      await bot.type(paul, "stadswerf");
      await bot.fastForward(2 * second);
      await bot.type(paul, "alarm zwembad");
      await bot.fastForward(7 * second);
    }
    await bot.fastForward(minute);
    expect(await incidentOf(bot)).toMatchObject({ location: "pool" });
    expect(bot.desk.pages.at(-1)?.location?.name).toBe("Zwembad");
    end(bot);
  });

  it("that it is still where it was said to be: no older one takes it away", async () => {
    await using bot = await startBot({ settings });
    await act(bot, "message", "alarm balie stadswerf");
    await bot.fastForward(2 * second);
    {
      using _disk = bot.holdDisk();
      await bot.type(paul, "zwembad");
      await bot.fastForward(2 * second);
      await act(bot, "messageUpdate", "alarm stadswerf, balie");
      await bot.fastForward(7 * second);
    }
    await bot.fastForward(5 * second);
    expect(await incidentOf(bot)).toMatchObject({ location: "yard", place: "balie" });
    end(bot);
  });

  it("counts once it is named again after that", async () => {
    await using bot = await startAsked();
    {
      using _disk = bot.holdDisk();
      await misclick(bot);
      await bot.type(paul, "alarm stadswerf");
      await bot.fastForward(2 * second);
      await bot.type(paul, "gemeentehuis");
      await bot.fastForward(7 * second);
    }
    await bot.fastForward(5 * second);
    expect(await incidentOf(bot)).toMatchObject({ location: "town-hall" });
    end(bot);
  });

  it("stands against an alarm that is typed after it and names none", async () => {
    await using bot = await startAsked();
    {
      using _disk = bot.holdDisk();
      await misclick(bot);
      await bot.type(paul, "alarm");
      await bot.fastForward(7 * second);
    }
    await bot.fastForward(5 * second);
    expect(await incidentOf(bot)).toMatchObject({ location: "town-hall", presses: 2 });
    end(bot);
  });
});
