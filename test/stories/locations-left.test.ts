import { describe, expect, it } from "vitest";
import { line, nl } from "../dutch.ts";
import { alice, type Bot, bob, carol, lea, minute, paul, second, startBot } from "../harness.ts";
import { newestOf } from "../in-chats.ts";
import { ownChannel, personAt, pool, sources, townHall, yard } from "../located.ts";
import { ringsOf } from "../rings-of.ts";

const locations = { "town-hall": townHall, yard, pool };
/** Alice is of the town hall, Bob of the yard, Carol of the pool; Lea leads; Paul types, of town hall and yard. */
const people = [
  personAt(alice, ["town-hall"]),
  personAt(bob, ["yard"]),
  personAt(carol, ["pool"]),
  personAt(paul, ["town-hall", "yard"]),
  personAt(lea, ["pool"], { lead: true, onDuty: "never" }),
];
const buttons = [
  { source: "buttons", id: "shed", place: "Loods", location: "yard" },
  { source: "buttons", id: "slide", place: "Glijbaan", location: "pool" },
];

function start(): Promise<Bot> {
  return startBot({ settings: { locations, people, sources, policies: { building: ownChannel }, buttons } });
}

/** Bob is there at the yard, before Paul says that it is the town hall. `isReal`: he says that it is real as well. */
async function leave(bot: Bot, isReal = false) {
  const answer = await bot.type(paul, "alarm balie");
  const card = await bot.expectCard("Gemeentehuis of Stadswerf, balie");
  await bot.fastForward(2 * second);
  await bot.click(bob, card, "arrive");
  if (isReal) await bot.click(bob, bot.look(card), "witness");
  await bot.fastForward(2 * second);
  await bot.clickInChat(paul, "Gemeentehuis", answer);
  await bot.fastForward(5 * second);
  return bot.look(card);
}

describe("who was there at another building than where the alarm turns out to be (rule 22)", () => {
  it("closes nothing and says of nothing that it is real; and the card names them as there no more", async () => {
    await using bot = await start();
    const card = await leave(bot);
    await bot.click(bob, card, "resolve", "false");
    await bot.click(bob, bot.look(card), "witness");
    const [open] = await bot.read((reader) => reader.listOpen(10));
    expect(open).toMatchObject({ closedAt: null, verification: "none" });
    await bot.click(lea, bot.look(card), "resolve", "false");
    await bot.fastForward(2 * second);
    expect(bot.look(card).text).toContain(`${nl.past.label.firstArrival}: ${nl.past.nobody}`);
    bot.desk.ignoreRest();
  });

  it("and said that it is real: security reads nothing of that", async () => {
    await using bot = await start();
    await leave(bot, true);
    await bot.fastForward(minute);
    const page = await bot.desk.expectPage("unclaimed");
    expect(page.incident.verification).toBe("none");
  });

  it.each([
    ["decline", false],
    ["decline", true],
    ["arrive", false],
  ] as const)(
    "is asked without a sound whether they are there, and for no other alarm until they say: %s, real: %s",
    async (answer, isReal) => {
      await using bot = await start();
      const card = await leave(bot, isReal);
      expect(newestOf(bot, bob).text).toContain(nl.alarmInChat.self["was-there"]);
      const before = ringsOf(bot, bob).length;
      await bot.press("shed");
      const shed = await bot.expectCard("Stadswerf, Loods");
      await bot.fastForward(5 * second);
      expect(ringsOf(bot, bob)).toHaveLength(before);
      expect(bot.look(shed).text).toContain(line("occupied", bob));
      // Nobody else of the yard may come, so security is called on at once.
      const page = await bot.desk.expectPage("nobody-free");
      expect(page.incident.id).toBe(shed.incident);
      await bot.click(bob, bot.look(answer === "decline" ? card : shed), answer);
      await bot.fastForward(5 * second);
      if (answer === "decline") expect(ringsOf(bot, bob).length).toBeGreaterThan(before);
      else expect(bot.look(shed).text).toContain(line("there", bob));
      expect(bot.look(shed).text).not.toContain(line("occupied", bob));
      bot.desk.ignoreRest();
    },
  );

  it("and calls for help is heard, for that alarm", async () => {
    await using bot = await start();
    await leave(bot);
    await bot.type(bob, "hulp");
    await bot.desk.expectPage("help");
    bot.desk.ignoreRest();
  });
});

describe("who is there and types an alarm that names a building (rules 11 and 22)", () => {
  /** Bob is there at the yard. */
  async function arriveAtShed(bot: Bot) {
    await bot.press("shed");
    const shed = await bot.expectCard("Stadswerf, Loods");
    await bot.fastForward(2 * second);
    await bot.click(bob, shed, "arrive");
    await bot.fastForward(20 * second);
    return shed;
  }

  it("calls for help at that one, and not where they are no more", async () => {
    await using bot = await start();
    const shed = await arriveAtShed(bot);
    await bot.type(bob, "alarm zwembad");
    await bot.fastForward(5 * second);
    expect(await bot.events(shed.incident)).not.toContain("help");
    expect(await bot.events(shed.incident)).toContain("now-elsewhere");
    bot.desk.ignoreRest();
  });

  it("calls for help where they are, when it is that one", async () => {
    await using bot = await start();
    const shed = await arriveAtShed(bot);
    await bot.type(bob, "alarm stadswerf");
    await bot.fastForward(5 * second);
    expect(await bot.events(shed.incident)).toContain("help");
    bot.desk.ignoreRest();
  });

  it("calls for help where they are, when they say so after a slip", async () => {
    await using bot = await start();
    const shed = await arriveAtShed(bot);
    await bot.type(bob, "alarm zwembad");
    await bot.fastForward(5 * second);
    await bot.type(bob, "stadswerf");
    await bot.fastForward(5 * second);
    expect(await bot.events(shed.incident)).toContain("help");
    bot.desk.ignoreRest();
  });

  it.each([
    ["alarm zwembad", false],
    ["alarm stadswerf", true],
  ])("is counted on there no more from memory, and calls for help there where it is that one: %s", async (text, is) => {
    await using bot = await start();
    const { incident } = await arriveAtShed(bot);
    const ofShed = () => bot.desk.pages.filter((page) => page.incident.id === incident).map(({ reason }) => reason);
    {
      using _disk = bot.holdDisk();
      await bot.type(bob, text);
      await bot.fastForward(20 * second);
      expect(ofShed()).toEqual(is ? ["help"] : []);
    }
    await bot.fastForward(10 * second);
    expect((await bot.events(incident)).includes("help")).toBe(is);
    bot.desk.ignoreRest();
  });
});

describe("an answer that names a location (rule 8)", () => {
  it.each(["onderweg naar de stadswerf?", "ga naar de stadswerf?", "ben er stadswerf?"])(
    "counts nobody who asks: %s",
    async (text) => {
      await using bot = await start();
      await bot.press("shed");
      await bot.expectCard("Stadswerf, Loods");
      await bot.fastForward(5 * second);
      await bot.type(bob, text);
      await bot.fastForward(5 * second);
      const [open] = await bot.read((reader) => reader.listOpen(10));
      expect(open?.responders).toEqual([]);
      bot.desk.ignoreRest();
    },
  );

  it.each(["ik ga stadswerf", "ben er stadswerf", "ga naar de stadswerf", "veilig stadswerf"])(
    "is no location of their own alarm where another one is open: %s",
    async (text) => {
      await using bot = await start();
      await bot.type(paul, "alarm balie gemeentehuis");
      await bot.press("shed");
      await bot.expectCard("Stadswerf, Loods");
      await bot.fastForward(5 * second);
      await bot.type(paul, text);
      const open = await bot.read((reader) => reader.listOpen(10));
      expect(open.map(({ place, location }) => [place, location]).sort()).toEqual([
        ["Loods", "yard"],
        ["balie", "town-hall"],
      ]);
      bot.desk.ignoreRest();
    },
  );

  it("is one, of who says that they are there, where no other alarm may be there", async () => {
    await using bot = await start();
    await bot.type(paul, "alarm balie");
    await bot.press("slide");
    await bot.expectCard("Zwembad, Glijbaan");
    await bot.type(paul, "ben er stadswerf");
    const open = await bot.read((reader) => reader.listOpen(10));
    expect(open).toContainEqual(expect.objectContaining({ place: "balie", location: "yard" }));
    bot.desk.ignoreRest();
  });
});
