import { describe, expect, it } from "vitest";
import { changeDatabase } from "../damage.ts";
import { line, nl } from "../dutch.ts";
import type { Colleague } from "../fakes/teams.ts";
import {
  alice,
  type Bot,
  type BotOptions,
  bob,
  type CardInHand,
  lea,
  minute,
  paul,
  second,
  startBot,
} from "../harness.ts";
import { newestOf, presserCardOf } from "../in-chats.ts";
import { ringsOf } from "../rings-of.ts";

const wearers = { "field-bob": bob, "field-paul": paul };
const buttons = [
  ...Object.entries(wearers).map(([id, { name }]) => ({ source: "buttons", id, holder: name, fixed: false })),
  ...["Balie", "Kelder"].map((place) => ({ source: "buttons", id: place, place })),
];

/** A bot; Bob carries a button in the field, and is on duty with Alice and Paul. */
async function start(options: BotOptions = {}): Promise<Bot> {
  const bot = await startBot({ ...options, settings: { buttons } });
  await bot.fastForward(minute);
  return bot;
}

/** What made that colleague's devices sound since, for that place. */
function follow(bot: Bot, who: Colleague, place: string): () => string[] {
  const before = new Set(ringsOf(bot, who).map(({ id }) => id));
  return () =>
    ringsOf(bot, who)
      .filter(({ id }) => !before.has(id))
      .map(({ body }) => body.summary ?? body.text ?? "a card")
      .filter((said) => said.includes(place));
}

/** Presses, and takes the card in hand once all has gone out. */
async function press(bot: Bot, button: string, place = button): Promise<CardInHand> {
  await bot.press(button, { place });
  const card = await bot.expectCard(place);
  await bot.fastForward(5 * second);
  return bot.look(card);
}

function reasonsFor(bot: Bot, { incident }: CardInHand): string[] {
  return bot.desk.pages.flatMap((page) => (page.incident.id === incident ? [page.reason] : []));
}

const gone = nl.otherAlarm.away.there(bob.name);
const inDanger = nl.otherAlarm.away.inDanger(bob.name);

describe("whoever promised to come and then presses their own button", () => {
  it("is waited for no longer: card, thread and their own chat say so, the others are asked, and they hear nothing", async () => {
    await using bot = await start();
    const card = await press(bot, "Balie");
    await bot.click(bob, card, "claim");
    await bot.fastForward(5 * second);
    expect(bot.look(card).text).toContain(line("coming", bob));
    const since = [follow(bot, alice, "Balie"), follow(bot, bob, "Balie")];
    await press(bot, "field-bob", "Dorpsstraat 1");
    const [others, own] = since.map((each) => each());
    // By message and by mention, as for a press.
    expect(others?.length).toBeGreaterThan(1);
    expect(own).toEqual([]);
    const now = bot.look(card);
    expect(now.text).not.toContain(line("coming", bob));
    expect(now.text).toContain(line("occupied", bob));
    expect(now.text).toContain(nl.card.headline.open);
    expect(now.thread.join("\n")).toContain(inDanger);
    expect(now.thread.join("\n")).not.toContain("Dorpsstraat");
    expect(await bot.history(card.incident)).toContainEqual(expect.stringContaining(inDanger));
    bot.desk.expectNothing();
    await bot.fastForward(45 * second);
    expect(reasonsFor(bot, card)).toEqual(["unclaimed"]);
    bot.desk.ignoreRest();
  });

  it("and the page that waited for them goes at once", async () => {
    await using bot = await start();
    const card = await press(bot, "Balie");
    await bot.click(bob, card, "claim");
    await bot.fastForward(80 * second);
    expect(await bot.events(card.incident)).toContain("page-held");
    bot.desk.expectNothing();
    await press(bot, "field-bob", "Dorpsstraat 1");
    expect(reasonsFor(bot, card)).toEqual(["unclaimed"]);
    bot.desk.ignoreRest();
  });

  it("reads on their own card of it that they do not count, and may come all the same: that counts", async () => {
    await using bot = await start();
    const card = await press(bot, "Balie");
    await bot.click(bob, card, "claim");
    await bot.fastForward(5 * second);
    expect(newestOf(bot, bob).text).toContain(nl.alarmInChat.self.coming);
    await press(bot, "field-bob", "Dorpsstraat 1");
    expect(newestOf(bot, bob).text).toContain(nl.alarmInChat.self.elsewhere);
    expect((await bot.click(bob, card, "claim")).text).toContain(line("coming", bob));
    await bot.fastForward(10 * second);
    expect(bot.look(card).text).toContain(line("coming", bob));
    expect(newestOf(bot, bob).text).toContain(nl.alarmInChat.self.coming);
    const lines = (await bot.history(card.incident)).filter((said) => said.includes(inDanger));
    expect(lines).toHaveLength(1);
    bot.desk.ignoreRest();
  });

  it("once more, because that is newer again", async () => {
    await using bot = await start();
    await press(bot, "field-bob", "Dorpsstraat 1");
    const card = await press(bot, "Balie");
    await bot.click(bob, card, "claim");
    await bot.fastForward(5 * second);
    expect(bot.look(card).text).toContain(line("coming", bob));
    await bot.press("field-bob", { place: "Dorpsstraat 1" });
    await bot.fastForward(5 * second);
    expect(bot.look(card).text).toContain(line("occupied", bob));
    bot.desk.ignoreRest();
  });

  it("nobody tells the presser any more that somebody comes", async () => {
    await using bot = await start();
    const card = await press(bot, "field-paul", "Markt 1");
    await bot.click(bob, card, "claim");
    await bot.fastForward(5 * second);
    const coming = presserCardOf(bot, paul).text;
    await press(bot, "field-bob", "Dorpsstraat 1");
    expect(presserCardOf(bot, paul).text).not.toBe(coming);
    bot.desk.ignoreRest();
  });
});

describe("whoever is there and says that they are there at another alarm", () => {
  it("is there alone; what the first one owes comes at once, and it never goes silent", async () => {
    await using bot = await start({ policy: { repeatEvery: "60m" } });
    const first = await press(bot, "Balie");
    await bot.click(bob, first, "arrive");
    await bot.fastForward(80 * second);
    bot.desk.expectNothing();
    const next = await press(bot, "Kelder");
    const since = follow(bot, alice, "Balie");
    expect((await bot.click(bob, next, "arrive")).text).toContain(line("there", bob));
    await bot.fastForward(5 * second);
    expect(bot.look(first).text).not.toContain(line("there", bob));
    expect(bot.look(first).text).toContain(line("occupied", bob));
    expect(bot.look(first).thread.join("\n")).toContain(gone);
    expect(reasonsFor(bot, first)).toEqual(["unclaimed"]);
    expect(since().length).toBeGreaterThan(1);
    expect(bot.look(next).text).toContain(line("there", bob));
    // They were there, and may still say how it ended.
    await bot.click(bob, first, "resolve", "false");
    expect(await bot.events(first.incident)).toContain("closed");
    bot.desk.ignoreRest();
  });

  it("and back again", async () => {
    await using bot = await start({ policy: { repeatEvery: "60m" } });
    const [first, next] = [await press(bot, "Balie"), await press(bot, "Kelder")];
    for (const card of [first, next, first]) {
      await bot.click(bob, card, "arrive");
      await bot.fastForward(5 * second);
    }
    expect(bot.look(first).text).toContain(line("there", bob));
    expect(bot.look(next).text).not.toContain(line("there", bob));
    bot.desk.ignoreRest();
  });
});

it("whoever needs help at one alarm is waited for at no other", async () => {
  await using bot = await start();
  const [first, next] = [await press(bot, "Balie"), await press(bot, "Kelder")];
  await bot.click(bob, next, "claim");
  await bot.fastForward(5 * second);
  await bot.click(bob, first, "help");
  await bot.fastForward(5 * second);
  expect(bot.look(next).text).toContain(line("occupied", bob));
  expect(bot.look(next).thread.join("\n")).toContain(inDanger);
  bot.desk.ignoreRest();
  bot.phone.ignoreRest();
});

it("whoever is on the way and needs help is not counted as on the way there", async () => {
  await using bot = await start();
  const card = await press(bot, "Balie");
  await bot.click(bob, card, "claim");
  await bot.fastForward(5 * second);
  const since = follow(bot, bob, "");
  await bot.click(bob, card, "help");
  await bot.fastForward(5 * second);
  expect(bot.look(card).text).not.toContain(line("coming", bob));
  expect(newestOf(bot, bob).text).toContain(nl.alarmInChat.self["help-away"]);
  await bot.fastForward(3 * minute);
  expect(await bot.events(card.incident)).toContain("lapsed");
  expect(since()).toEqual([]);
  bot.desk.ignoreRest();
  bot.phone.ignoreRest();
});

it("a start takes back what the process before did not get to", async () => {
  await using bot = await start();
  const card = await press(bot, "Balie");
  await bot.click(bob, card, "claim");
  await press(bot, "field-bob", "Dorpsstraat 1");
  await bot.stop();
  const unnoticed = `json_set(body, '$.responders[0].state', 'coming') where id = '${card.incident}'`;
  changeDatabase(`${bot.folder}/rugdekking.db`, `update incidents set body = ${unnoticed}`);
  await bot.start();
  await bot.fastForward(5 * second);
  expect(bot.look(card).text).toContain(line("occupied", bob));
  const lines = (await bot.history(card.incident)).filter((said) => said.includes(inDanger));
  expect(lines).toHaveLength(2);
  bot.desk.ignoreRest();
});

describe("while the disk takes nothing", () => {
  it("what waited for whoever presses is paged from memory, and written once it can be", async () => {
    await using bot = await start();
    const card = await press(bot, "Balie");
    await bot.click(bob, card, "claim");
    await bot.fastForward(80 * second);
    bot.desk.expectNothing();
    {
      using _held = bot.holdDisk();
      expect((await bot.press("field-bob", { id: "one", place: "Dorpsstraat 1" })).status).toBe(503);
      await bot.fastForward(10 * second);
      expect(reasonsFor(bot, card)).toEqual(["unclaimed"]);
    }
    await bot.fastForward(10 * second);
    expect(bot.look(card).text).toContain(line("occupied", bob));
    expect(bot.look(card).thread.join("\n")).toContain(inDanger);
    expect(new Set(reasonsFor(bot, card))).toEqual(new Set(["unclaimed"]));
    bot.desk.ignoreRest();
    bot.phone.ignoreRest();
  });

  it("a promise that was given before is none when it is written after", async () => {
    await using bot = await start();
    const card = await press(bot, "Balie");
    {
      using _held = bot.holdDisk();
      const clicking = bot.click(bob, card, "claim");
      await bot.fastForward(10 * second);
      await clicking;
      expect((await bot.press("field-bob", { id: "one", place: "Dorpsstraat 1" })).status).toBe(503);
      await bot.fastForward(2 * second);
    }
    await bot.fastForward(10 * second);
    const events = await bot.events(card.incident);
    expect(events.filter((kind) => kind === "claimed" || kind === "now-elsewhere")).toEqual([
      "claimed",
      "now-elsewhere",
    ]);
    expect(bot.look(card).text).not.toContain(line("coming", bob));
    bot.desk.ignoreRest();
    bot.phone.ignoreRest();
  });

  it("an arrival that is kept counts from when it was said, and so is over by a promise elsewhere after it", async () => {
    await using bot = await start();
    const [first, next] = [await press(bot, "Balie"), await press(bot, "Kelder")];
    {
      using _held = bot.holdDisk();
      const arriving = bot.click(bob, first, "arrive");
      await bot.fastForward(10 * second);
      await arriving;
      const claiming = bot.click(bob, next, "claim");
      await bot.fastForward(10 * second);
      await claiming;
    }
    await bot.fastForward(10 * second);
    expect(bot.look(first).text).not.toContain(line("there", bob));
    expect(await bot.events(first.incident)).toContain("arrived");
    expect(bot.look(next).text).toContain(line("coming", bob));
    bot.desk.ignoreRest();
    bot.phone.ignoreRest();
  });
});

it("whoever promises to come at two is expected at both, until they say where they are", async () => {
  await using bot = await start();
  const [first, next] = [await press(bot, "Balie"), await press(bot, "Kelder")];
  for (const card of [first, next]) await bot.click(lea, card, "claim");
  await bot.fastForward(5 * second);
  for (const card of [first, next]) expect(bot.look(card).text).toContain(line("coming", lea));
  await bot.click(lea, next, "arrive");
  await bot.fastForward(5 * second);
  expect(bot.look(first).text).not.toContain(line("coming", lea));
  expect(bot.look(next).text).toContain(line("there", lea));
  bot.desk.ignoreRest();
});
