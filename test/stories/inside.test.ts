import { describe, expect, it } from "vitest";
import { line, nl } from "../dutch.ts";
import type { Colleague } from "../fakes/teams.ts";
import { accountSid, authToken, startTwilio } from "../fakes/twilio.ts";
import {
  alice,
  type Bot,
  bob,
  building,
  type CardInHand,
  minute,
  people,
  type Settings,
  second,
  sourceSecret,
  startBot,
} from "../harness.ts";
import { newestOf } from "../in-chats.ts";
import { ringsOf } from "../rings-of.ts";

const source = { type: "webhook", secret: sourceSecret, policy: "building", channel: "frontdesk" };
const sources = { buttons: source, chat: { ...source, type: "teams", secret: undefined } };
const buttons = [
  ...["Balie", "Kelder"].map((place) => ({ source: "buttons", id: place, place })),
  { source: "buttons", id: "desk-bob", place: "Spreekkamer 9", holder: bob.name },
  { source: "buttons", id: "field-bob", holder: bob.name, fixed: false },
];

/** A bot; Bob has a button at his desk and one that he carries. */
function start(settings: Settings = {}): Promise<Bot> {
  return startBot({ settings: { buttons, sources, ...settings } });
}

/** Presses, and takes the card in hand once all has gone out. */
async function press(bot: Bot, button: string, place = button): Promise<CardInHand> {
  await bot.press(button);
  const card = await bot.expectCard(place);
  await bot.fastForward(5 * second);
  return bot.look(card);
}

/** What made that colleague's devices sound since. */
function follow(bot: Bot, who: Colleague): () => string[] {
  const before = new Set(ringsOf(bot, who).map(({ id }) => id));
  return () =>
    ringsOf(bot, who)
      .filter(({ id }) => !before.has(id))
      .map(({ body }) => body.summary ?? body.text ?? "a card");
}

function end(bot: Bot): void {
  bot.desk.ignoreRest();
  bot.phone.ignoreRest();
}

describe("whoever may be beside the aggressor, when the presser presses again", () => {
  it.each(["arrive", "help"] as const)("hears nothing, of that alarm nor of another: %s", async (deed) => {
    await using bot = await start();
    const card = await press(bot, "Balie");
    await bot.click(alice, card, deed);
    await bot.click(bob, card, "arrive");
    await bot.fastForward(20 * second);
    const since = [follow(bot, alice), follow(bot, bob)];
    await bot.press("Balie");
    await press(bot, "Kelder");
    expect(since.map((each) => each())).toEqual([[], []]);
    end(bot);
  });

  it("is asked by their own card whether they are there still, and counts again with a click", async () => {
    await using bot = await start();
    const card = await press(bot, "Balie");
    await bot.click(alice, card, "arrive");
    await bot.fastForward(20 * second);
    await bot.press("Balie");
    await bot.fastForward(5 * second);
    expect(newestOf(bot, alice).text).toContain(nl.alarmInChat.self["was-there"]);
    expect(newestOf(bot, alice).text).toContain("Ben je er nog?");
    expect(bot.look(card).text).not.toContain(line("there", alice));
    await bot.click(alice, card, "arrive");
    await bot.fastForward(5 * second);
    expect(bot.look(card).text).toContain(line("there", alice));
    end(bot);
  });

  it("is not phoned either", async () => {
    await using twilio = await startTwilio();
    await using bot = await start();
    const { pagers } = bot.settings as { pagers: object };
    const calls = { type: "twilio-voice", baseUrl: twilio.baseUrl, accountSid, authToken, from: "+31850000000" };
    const steps = [building.steps[0], { after: "30s", call: "on-duty", by: "calls" }, { after: "120s", page: "desk" }];
    await bot.restart({
      pagers: { ...pagers, calls: { ...calls, to: "+31612345678" } },
      policies: { building: { ...building, steps } },
      people: people.map((person, index) => ({ ...person, phone: `+3160000000${index}` })),
    });
    const card = await press(bot, "Balie");
    await bot.click(alice, card, "arrive");
    await bot.fastForward(20 * second);
    await bot.press("Balie");
    await bot.fastForward(35 * second);
    const phoned = twilio.orders.map(({ form }) => form.To);
    const own = people.findIndex(({ name }) => name === alice.name);
    expect(phoned).not.toEqual([]);
    expect(phoned).not.toContain(`+3160000000${own}`);
    end(bot);
  });
});

describe("whoever is there and presses the button that they carry, without a place of its own", () => {
  it("has asked for help where they are, which is paged and rung, and is in both", async () => {
    await using bot = await start();
    const card = await press(bot, "Balie");
    await bot.click(bob, card, "arrive");
    await bot.fastForward(30 * second);
    bot.desk.expectNothing();
    const since = follow(bot, alice);
    await bot.press("field-bob");
    await bot.fastForward(5 * second);
    expect(bot.desk.pages.map(({ reason, incident }) => [reason, incident.place])).toContainEqual(["help", "Balie"]);
    expect(since().filter((said) => said.includes("Balie")).length).toBeGreaterThan(0);
    expect(bot.look(card).text).toContain(line("there", bob));
    expect(bot.look(card).thread.join("\n")).toContain(nl.thread.help(bob.name));
    end(bot);
  });

  it("the same as who types it", async () => {
    await using bot = await start();
    const card = await press(bot, "Balie");
    await bot.click(bob, card, "arrive");
    await bot.fastForward(30 * second);
    await bot.type(bob, "alarm");
    await bot.fastForward(5 * second);
    expect(bot.desk.pages.map(({ reason, incident }) => [reason, incident.place])).toContainEqual(["help", "Balie"]);
    expect(bot.look(card).text).toContain(line("there", bob));
    end(bot);
  });

  it("and at a button with a place is there no more: the others read that they need help", async () => {
    await using bot = await start();
    const card = await press(bot, "Balie");
    await bot.click(bob, card, "arrive");
    await bot.fastForward(30 * second);
    await press(bot, "desk-bob", "Spreekkamer 9");
    expect(bot.look(card).text).not.toContain(line("there", bob));
    expect(bot.look(card).thread.join("\n")).toContain(nl.otherAlarm.away.inDanger(bob.name));
    end(bot);
  });
});

it("whoever arrived is there still when the time of the visit that they announced before runs out", async () => {
  await using bot = await start();
  await bot.type(bob, "bezoek 15m");
  await bot.fastForward(13 * minute);
  const card = await press(bot, "Balie");
  await bot.click(bob, card, "arrive");
  const countOpen = async () => (await bot.read((reader) => reader.listOpen(9))).length;
  for (let minutes = 0; minutes < 8 && (await countOpen()) === 1; minutes += 1) await bot.fastForward(minute);
  expect(await countOpen()).toBe(2);
  await bot.fastForward(5 * second);
  expect(bot.look(card).text).toContain(line("there", bob));
  const events = await bot.events(card.incident);
  expect(events.filter((kind) => kind === "now-elsewhere" || kind === "help")).toEqual([]);
  end(bot);
});

it("whoever is there and goes to another alarm is there no more: what it owes goes at once", async () => {
  await using bot = await start();
  const [first, next] = [await press(bot, "Balie"), await press(bot, "Kelder")];
  await bot.click(bob, first, "arrive");
  await bot.fastForward(80 * second);
  const owed = () => bot.desk.pages.filter(({ incident }) => incident.id === first.incident).length;
  expect(owed()).toBe(0);
  await bot.click(bob, next, "claim");
  await bot.fastForward(5 * second);
  expect(bot.look(first).text).not.toContain(line("there", bob));
  expect(bot.look(first).thread.join("\n")).toContain(nl.otherAlarm.away.leaving(bob.name));
  expect(bot.look(next).text).toContain(line("coming", bob));
  expect(owed()).toBe(1);
  end(bot);
});

it("whoever was there hears nothing of it once their other alarm turns out to be false: their card asks", async () => {
  await using bot = await start();
  const card = await press(bot, "Balie");
  await bot.click(bob, card, "arrive");
  await bot.fastForward(30 * second);
  const own = await press(bot, "desk-bob", "Spreekkamer 9");
  await bot.click(alice, own, "arrive");
  await bot.fastForward(5 * second);
  const since = follow(bot, bob);
  await bot.click(alice, bot.look(own), "resolve", "false");
  await bot.fastForward(20 * second);
  expect(since().filter((said) => said.includes("Balie"))).toEqual([]);
  expect(newestOf(bot, bob).text).toContain(nl.alarmInChat.self["was-there"]);
  end(bot);
});
