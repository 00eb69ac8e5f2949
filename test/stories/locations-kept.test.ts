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
      // Whoever is asked to come is asked at once, as ever.
      expect(rung()).toEqual([alice.name]);
      await correct(bot);
      await bot.fastForward(7 * second);
    }
    await bot.fastForward(5 * second);
    expect(await incidentOf(bot)).toMatchObject({ location: "yard" });
    expect(rung()).toEqual([bob.name]);
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

  it.each([
    ["a new alarm", (bot: Bot) => bot.type(paul, "alarm stadswerf")],
    ["an edit of the message", (bot: Bot) => act(bot, "messageUpdate", "alarm balie stadswerf")],
  ])("stands against an older one that waits behind sixteen presses of others: %s", async (_how, name) => {
    await using bot = await startAsked();
    {
      using _disk = bot.holdDisk();
      for (let count = 0; count < 16; count += 1) await bot.press(`b-${count}`, { place: `Kamer ${count}` });
      await name(bot);
      await bot.fastForward(20 * second);
    }
    await bot.type(paul, "alarm zwembad");
    await bot.fastForward(10 * second);
    const open = await bot.read((reader) => reader.listOpen(100));
    expect(open.filter(({ source }) => source === "chat").map(({ location }) => location)).toEqual(["pool"]);
    end(bot);
  });

  it("rings who is there from memory, also where the same person pressed only just without naming it", async () => {
    await using bot = await startBot({ settings });
    const rung = followRings(bot);
    using _disk = bot.holdDisk();
    await bot.type(paul, "alarm");
    await bot.fastForward(5 * second);
    await bot.type(paul, "alarm zwembad");
    await bot.fastForward(30 * second);
    expect(rung()).toContain(carol.name);
    end(bot);
  });

  it("goes out from memory once, also where the same person presses on without naming it", async () => {
    await using bot = await startBot({ settings });
    using _disk = bot.holdDisk();
    for (const text of ["alarm zwembad", "alarm", "alarm zwembad"]) {
      await bot.type(paul, text);
      await bot.fastForward(5 * second);
    }
    expect(bot.teams.cards).toHaveLength(1);
    end(bot);
  });

  it("is not forgotten when its person presses on in a panic", async () => {
    await using bot = await startBot({ settings });
    {
      using _disk = bot.holdDisk();
      for (const text of ["alarm", "alarm stadswerf", "alarm", "alarm", "alarm", "alarm", "alarm"]) {
        await bot.type(paul, text);
        await bot.fastForward(second);
      }
    }
    await bot.fastForward(10 * second);
    expect(await incidentOf(bot)).toMatchObject({ location: "yard" });
    end(bot);
  });

  it.each(["works", "takes nothing"])("is only usual once a visit ran out after it: the disk %s", async (how) => {
    await using bot = await startAsked();
    await bot.type(paul, "bezoek 5");
    await bot.fastForward(4 * minute);
    const asked = bot.chatWith(paul).find(({ actions }) => actions.some(({ title }) => title === "Gemeentehuis"));
    if (asked === undefined) throw new Error("nothing asks which location");
    if (how === "works") {
      await bot.clickInChat(paul, "Gemeentehuis", asked);
      await bot.fastForward(6 * minute);
    } else {
      using _disk = bot.holdDisk();
      await bot.clickInChat(paul, "Gemeentehuis", asked);
      await bot.fastForward(6 * minute);
    }
    await bot.fastForward(minute);
    expect(await incidentOf(bot)).toMatchObject({ presses: 2, location: "town-hall", mayBeElsewhere: true });
    end(bot);
  });
});

describe("a location that is named for an alarm that is in memory only (rule 22)", () => {
  it.each([
    ["by its name in their chat", (bot: Bot) => bot.type(paul, "zwembad")],
    ["by editing the message", (bot: Bot) => act(bot, "messageUpdate", "alarm balie zwembad")],
  ])("rings who is there, from memory, and is where the alarm is once it is written: %s", async (_how, name) => {
    await using bot = await startBot({ settings });
    const rung = followRings(bot);
    {
      using _disk = bot.holdDisk();
      await act(bot, "message", "alarm balie");
      await bot.fastForward(minute + second);
      expect(rung()).not.toContain(carol.name);
      await name(bot);
      await bot.fastForward(10 * second);
      expect(rung()).toContain(carol.name);
    }
    await bot.fastForward(20 * second);
    expect(await incidentOf(bot)).toMatchObject({ location: "pool", place: "balie", isLocationNamed: true });
    end(bot);
  });

  it("is no alarm of who has none", async () => {
    await using bot = await startBot({ settings });
    using _disk = bot.holdDisk();
    await act(bot, "message", "alarm balie");
    await bot.fastForward(minute + second);
    const posted = bot.teams.cards.length;
    await bot.type(carol, "zwembad");
    await bot.fastForward(10 * second);
    expect(bot.teams.cards).toHaveLength(posted);
    end(bot);
  });
});
