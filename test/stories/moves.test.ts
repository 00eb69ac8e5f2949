import { describe, expect, it } from "vitest";
import { alice, type Bot, bob, carol, minute, type Settings, second, startBot } from "../harness.ts";

const locations = {
  "town-hall": { name: "Gemeentehuis", address: "Raadhuisplein 1", phone: "+31300000001", account: "7777" },
  yard: { name: "Stadswerf", address: "Havenkade 8", phone: "+31300000002", account: "8888" },
};
const people = [alice, bob, carol].map(({ name, aadObjectId: id }) => ({ name, id, onDuty: "always" }));
const hall = { source: "buttons", id: "hall", place: "Balie", location: "town-hall" };
const hall2 = { source: "buttons", id: "hall-2", place: "Balie", location: "town-hall" };
const yard = { source: "buttons", id: "yard", place: "Balie", location: "yard" };

/** The button of the town hall's desk, where it is by now. */
const atYard = { ...hall, location: "yard" };

function start(settings: Settings = {}): Promise<Bot> {
  return startBot({ settings: { locations, people, buttons: [hall, hall2, yard], ...settings } });
}

/** Presses the button of the town hall's desk, and waits until the desk is paged. */
async function page(bot: Bot) {
  await bot.press("hall");
  const card = await bot.expectCard("Gemeentehuis, Balie");
  await bot.fastForward(minute);
  expect((await bot.desk.expectPage("unclaimed")).location?.address).toBe("Raadhuisplein 1");
  return card;
}

describe("whoever was paged is told where to go when that changes (rule 17)", () => {
  it("to another location, also where the place has the same name there", async () => {
    await using bot = await start();
    await page(bot);
    await bot.restart({ buttons: [atYard] });
    await bot.press("hall");
    await bot.fastForward(second);
    const update = await bot.desk.expectPage("update");
    expect(update).toMatchObject({ incident: { place: "Balie" }, location: { address: "Havenkade 8" } });
  });

  it("by the position of each press that has another one", async () => {
    await using bot = await start();
    await page(bot);
    const at = (lon: number) => ({ lat: 52.52, lon, accuracyM: 10 });
    await bot.press("hall", { position: at(5.71) });
    await bot.fastForward(second);
    expect(await bot.desk.expectPage("update")).toMatchObject({ incident: { position: { lon: 5.71 } } });
    await bot.press("hall", { position: at(5.73) });
    await bot.fastForward(second);
    expect(await bot.desk.expectPage("update")).toMatchObject({ incident: { position: { lon: 5.73 } } });
    await bot.press("hall", { position: at(5.73) });
    await bot.fastForward(second);
    bot.desk.expectNothing();
  });
});
