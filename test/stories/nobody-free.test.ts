import { describe, expect, it } from "vitest";
import { changeDatabase } from "../damage.ts";
import { nl } from "../dutch.ts";
import { type Bot, bob, minute, paul, people, type Settings, second, startBot } from "../harness.ts";

const wearers = { "field-bob": bob, "field-paul": paul };
const buttons = [
  ...Object.entries(wearers).map(([id, { name }]) => ({ source: "buttons", id, holder: name, fixed: false })),
  ...["Balie", "Kelder"].map((place) => ({ source: "buttons", id: place, place })),
];
/** Security has its turn late, so that what comes before that comes for another reason. */
const policy = {
  steps: [
    { after: "0s", tell: "frontdesk" },
    { after: "20m", page: "desk" },
    { after: "25m", page: "phone" },
  ],
  checkAfter: "60m",
};

/** On duty are these alone. */
async function start(onDuty: readonly { name: string }[], settings: Settings = {}): Promise<Bot> {
  const bot = await startBot({ policy, settings: { buttons, people: toRoster(onDuty), ...settings } });
  await bot.fastForward(minute);
  return bot;
}

function toRoster(onDuty: readonly { name: string }[]) {
  return people.map((person) =>
    onDuty.some(({ name }) => name === person.name) ? person : { ...person, onDuty: "never" },
  );
}

async function press(bot: Bot, button: string, place = button) {
  await bot.press(button, { place });
  const card = await bot.expectCard(place);
  await bot.fastForward(5 * second);
  return bot.look(card);
}

function reasonsFor(bot: Bot, incident: string): string[] {
  return bot.desk.pages.flatMap((page) => (page.incident.id === incident ? [page.reason] : []));
}

describe("the last one free is occupied while the disk takes nothing", () => {
  it("by a press: security is paged from memory then, and again once that is on disk, by the same key", async () => {
    await using bot = await start([paul]);
    const next = await press(bot, "Balie");
    {
      using _held = bot.holdDisk();
      expect((await bot.press("field-paul", { id: "one", place: "Dorpsstraat 1" })).status).toBe(503);
      await bot.fastForward(10 * second);
      expect(reasonsFor(bot, next.incident)).toEqual(["nobody-free"]);
    }
    expect((await bot.press("field-paul", { id: "one", place: "Dorpsstraat 1" })).outcome).toBe("duplicate");
    await bot.fastForward(10 * second);
    expect(await bot.events(next.incident)).toContain("nobody-free");
    expect(new Set(reasonsFor(bot, next.incident))).toEqual(new Set(["nobody-free"]));
    expect(bot.look(next).text).toContain(nl.card.remark.nobodyFree);
    bot.desk.ignoreRest();
    bot.phone.ignoreRest();
  });

  it("by an arrival that is kept: also then", async () => {
    await using bot = await start([paul, bob]);
    const first = await press(bot, "field-paul", "Dorpsstraat 1");
    const next = await press(bot, "Balie");
    {
      using _held = bot.holdDisk();
      const clicking = bot.click(bob, first, "arrive");
      await bot.fastForward(10 * second);
      await clicking;
      await bot.fastForward(10 * second);
    }
    await bot.fastForward(10 * second);
    expect(await bot.events(first.incident)).toContain("arrived");
    expect(await bot.events(next.incident)).toContain("nobody-free");
    expect(reasonsFor(bot, next.incident)).toContain("nobody-free");
    bot.desk.ignoreRest();
    bot.phone.ignoreRest();
  });
});

it("a start notices it where the process before ended in between", async () => {
  await using bot = await start([paul]);
  const next = await press(bot, "Balie");
  await press(bot, "field-paul", "Dorpsstraat 1");
  expect(reasonsFor(bot, next.incident)).toEqual(["nobody-free"]);
  await bot.stop();
  const unnoticed = `json_remove(body, '$.round.nobodyFreeAt') where id = '${next.incident}'`;
  changeDatabase(`${bot.folder}/rugdekking.db`, `update incidents set body = ${unnoticed}`);
  await bot.start();
  await bot.fastForward(5 * second);
  const reasons = bot.phone.pages.flatMap((page) => (page.incident.id === next.incident ? [page.reason] : []));
  expect(reasons).toEqual(["nobody-free"]);
  bot.desk.ignoreRest();
  bot.phone.ignoreRest();
});

it("whose shift is over counts as long as the round asks them", async () => {
  const roster = toRoster([paul]).map((person) =>
    person.name === paul.name ? { ...person, onDuty: "mon-fri 08:00-10:02" } : person,
  );
  await using bot = await start([], { people: roster });
  const next = await press(bot, "Balie");
  await bot.fastForward(55 * second);
  await press(bot, "field-paul", "Dorpsstraat 1");
  expect(reasonsFor(bot, next.incident)).toEqual(["nobody-free"]);
  bot.desk.ignoreRest();
  bot.phone.ignoreRest();
});
