import { describe, expect, it } from "vitest";
import type { Colleague } from "../fakes/teams.ts";
import { alice, type Bot, bob, deskSecret, minute, phoneSecret, type Settings, second, startBot } from "../harness.ts";

const phones = { alice: "+31600000001", bob: "+31600000002" };
const onDuty = ({ name, aadObjectId: id }: Colleague, phone: string) => ({ name, id, onDuty: "always", phone });
const people = [onDuty(alice, phones.alice), onDuty(bob, phones.bob)];
const locations = {
  "town-hall": { name: "Gemeentehuis", address: "Raadhuisplein 1", phone: "on-duty" },
  yard: { name: "Stadswerf", address: "Havenkade 8", phone: "on-duty" },
};
const buttons = [
  { source: "buttons", id: "hall", place: "Balie", location: "town-hall" },
  { source: "buttons", id: "hall-2", place: "Balie", location: "town-hall" },
  { source: "buttons", id: "shed", place: "Loods", location: "yard" },
  { source: "buttons", id: "own", place: "Zaal", location: "yard", holder: alice.name },
];

/** A town hall and a yard, where Alice, else Bob is called back. The desk may be told a number, the phone may not. */
async function start(settings: Settings = {}): Promise<Bot> {
  const bot = await startBot({ settings: { locations, people, buttons, ...settings } });
  await bot.restart({
    pagers: {
      desk: { type: "webhook", url: bot.desk.url, secret: deskSecret, mayShowPhones: true },
      phone: { type: "webhook", url: bot.phone.url, secret: phoneSecret },
    },
  });
  return bot;
}

/** Whom the desk was given for that place, page by page. */
function callBacksOf(bot: Bot, place: string): (string | null | undefined)[] {
  const pages = bot.desk.pages.filter(({ incident }) => incident.place === place);
  return pages.map(({ location }) => location?.callBack);
}

describe("who is called back while somebody is inside another alarm", () => {
  const inside = {
    pressed: async (bot: Bot) => {
      await bot.press("own");
    },
    "is there": async (bot: Bot) => {
      await bot.press("shed");
      await bot.click(alice, await bot.expectCard("Loods"), "arrive");
    },
    "asked for help": async (bot: Bot) => {
      await bot.press("shed");
      await bot.click(alice, await bot.expectCard("Loods"), "help");
    },
  };

  it.each(Object.entries(inside))("is nobody who %s there, however long ago, while that is open", async (_, happen) => {
    await using bot = await start();
    await happen(bot);
    await bot.fastForward(31 * minute);
    bot.desk.ignoreRest();
    bot.phone.ignoreRest();
    await bot.press("hall");
    await bot.fastForward(minute + second);
    expect(callBacksOf(bot, "Balie")).toEqual([phones.bob]);
    bot.desk.ignoreRest();
    bot.phone.ignoreRest();
  });

  it("may be who was there and says that they can't come", async () => {
    await using bot = await start();
    await bot.press("shed");
    const card = await bot.expectCard("Loods");
    await bot.click(alice, card, "arrive");
    await bot.click(alice, bot.look(card), "decline");
    await bot.press("hall");
    await bot.fastForward(minute + second);
    expect(callBacksOf(bot, "Balie")).toEqual([phones.alice]);
    bot.desk.ignoreRest();
    bot.phone.ignoreRest();
  });
});
