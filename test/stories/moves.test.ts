import { describe, expect, it } from "vitest";
import { nl } from "../dutch.ts";
import { type AlarmCentre, startAlarmCentre } from "../fakes/alarm-centre.ts";
import {
  alice,
  type Bot,
  bob,
  building,
  carol,
  lea,
  minute,
  type Settings,
  second,
  sourceSecret,
  startBot,
} from "../harness.ts";

const locations = {
  "town-hall": { name: "Gemeentehuis", address: "Raadhuisplein 1", phone: "+31300000001", account: "7777" },
  yard: { name: "Stadswerf", address: "Havenkade 8", phone: "+31300000002", account: "8888" },
};
const people = [alice, bob, carol].map(({ name, aadObjectId: id }) => ({ name, id, onDuty: "always" }));
const hall = { source: "buttons", id: "hall", place: "Balie", location: "town-hall" };
const hall2 = { source: "buttons", id: "hall-2", place: "Balie", location: "town-hall" };
const hall3 = { ...hall2, id: "hall-3" };
const yard = { source: "buttons", id: "yard", place: "Balie", location: "yard" };

/** The button of the town hall's desk, where it is by now. */
const atYard = { ...hall, location: "yard" };
const bus = { source: "buttons", id: "hall", place: "Bus 4", fixed: false };

function start(settings: Settings = {}): Promise<Bot> {
  return startBot({ settings: { locations, people, buttons: [hall, hall2, hall3, yard], ...settings } });
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

it("a carried button is called as the configuration calls it by its next press, and nothing else changes", async () => {
  await using bot = await start({ buttons: [bus] });
  await bot.press("hall");
  const card = await bot.expectCard("Bus 4");
  await bot.click(alice, card, "claim");
  await bot.restart({ buttons: [{ ...bus, place: "Bus 5" }] });
  await bot.press("hall");
  await bot.fastForward(2 * second);
  expect(bot.look(card).text).toContain("Bus 5");
  expect(bot.look(card).text).not.toContain("Bus 4");
  const [incident] = await bot.read((reader) => reader.listOpen(10));
  expect(incident?.responders.map(({ state }) => state)).toEqual(["coming"]);
});

describe("an alarm whose button is elsewhere by now goes there with its next press (rule 22)", () => {
  const openPlaces = async (bot: Bot) => {
    const open = await bot.read((reader) => reader.listOpen(10));
    return open.map(({ location, place }) => `${location}, ${place}`).toSorted();
  };

  it("and who presses at the old place has an alarm of their own; at the new one they join it", async () => {
    await using bot = await start();
    await page(bot);
    await bot.restart({ buttons: [atYard, hall2, yard] });
    await bot.press("hall");
    expect(await bot.press("hall-2")).toMatchObject({ outcome: "opened" });
    expect(await bot.press("yard")).toMatchObject({ outcome: "verified" });
    expect(await openPlaces(bot)).toEqual(["town-hall, Balie", "yard, Balie"]);
    bot.desk.ignoreRest();
  });

  it("and who pressed at the old place before has one that stays there, and rings", async () => {
    await using bot = await start();
    await page(bot);
    await bot.press("hall-2");
    await bot.press("hall-3");
    bot.desk.ignoreRest();
    await bot.restart({ buttons: [atYard, hall2, hall3] });
    await bot.press("hall");
    expect(await openPlaces(bot)).toEqual(["town-hall, Balie", "yard, Balie"]);
    await bot.expectCard("Gemeentehuis, Balie");
    bot.desk.ignoreRest();
    await bot.fastForward(minute);
    expect(await bot.desk.expectPage("unclaimed")).toMatchObject({
      incident: { place: "Balie", verification: "second-button" },
      location: { address: "Raadhuisplein 1" },
    });
    // It is theirs from then on, and is begun once.
    expect(await bot.press("hall-2")).toMatchObject({ outcome: "repeated" });
    await bot.press("hall");
    expect(await openPlaces(bot)).toHaveLength(2);
    bot.desk.ignoreRest();
  });

  it("and who pressed there by a source that has left the configuration has one too", async () => {
    const ownSecret = sourceSecret.toUpperCase();
    const source = { type: "webhook", secret: sourceSecret, policy: "building", channel: "frontdesk" };
    await using bot = await start({ sources: { buttons: source, others: { ...source, secret: ownSecret } } });
    await bot.restart({ buttons: [hall, { ...hall2, source: "others" }] });
    await page(bot);
    const headers = { authorization: `Bearer ${ownSecret}` };
    expect(await bot.post("others", JSON.stringify({ button: "hall-2" }), headers)).toMatchObject({
      outcome: "verified",
    });
    await bot.restart({ buttons: [atYard], sources: { buttons: source } });
    expect(await bot.press("hall")).toMatchObject({ status: 202, outcome: "repeated" });
    expect(await openPlaces(bot)).toEqual(["undefined, Balie", "yard, Balie"]);
    bot.desk.ignoreRest();
  });

  it("to another place of its location too, with the way to there", async () => {
    await using bot = await start();
    const card = await page(bot);
    await bot.restart({ buttons: [{ ...hall, place: "Kantine", directions: "Rechts" }, hall2] });
    await bot.press("hall");
    await bot.fastForward(second);
    expect(bot.look(card).text).toContain("Gemeentehuis, Kantine");
    expect(await bot.desk.expectPage("update")).toMatchObject({
      incident: { place: "Kantine", directions: "Rechts" },
    });
    expect(await bot.press("hall-2")).toMatchObject({ outcome: "opened" });
  });

  it("also to one that nobody knows, once the button has none", async () => {
    await using bot = await start();
    const card = await page(bot);
    await bot.restart({ buttons: [bus, hall2] });
    await bot.press("hall");
    await bot.fastForward(second);
    expect(bot.look(card).text).toContain(`${nl.terms.locationUnknown}, Bus 4`);
    const update = await bot.desk.expectPage("update");
    expect(update).toMatchObject({ incident: { place: "Bus 4" }, location: { name: null, address: null } });
  });

  it("and stays where it was when its button has left the configuration, and says no place", async () => {
    await using bot = await start();
    const card = await page(bot);
    await bot.restart({ buttons: [hall2] });
    await bot.press("hall");
    await bot.fastForward(second);
    expect(bot.look(card).text).toContain("Gemeentehuis, Balie");
    expect(await bot.press("hall-2")).toMatchObject({ outcome: "verified" });
    bot.desk.ignoreRest();
  });

  it("while another one is open there, each for itself", async () => {
    await using bot = await start();
    const card = await page(bot);
    await bot.press("yard");
    await bot.restart({ buttons: [atYard, hall2, yard] });
    expect(await bot.press("hall")).toMatchObject({ status: 202, outcome: "repeated" });
    await bot.fastForward(second);
    expect(bot.look(card).text).toContain("Stadswerf, Balie");
    expect(await openPlaces(bot)).toEqual(["yard, Balie", "yard, Balie"]);
    bot.desk.ignoreRest();
  });

  it("and nothing that was said of the old place counts there: two buttons, who saw it, who was there, 112", async () => {
    await using bot = await start();
    const card = await page(bot);
    await bot.press("hall-2");
    await bot.click(alice, bot.look(card), "112-called");
    await bot.click(alice, bot.look(card), "arrive");
    await bot.click(alice, bot.look(card), "witness");
    await bot.fastForward(second);
    bot.desk.ignoreRest();
    await bot.restart({ buttons: [atYard, yard] });
    await bot.press("hall");
    await bot.fastForward(second);
    expect(await bot.desk.expectPage("update")).toMatchObject({ incident: { verification: "none", onTheWay: 0 } });
    await bot.click(alice, bot.look(card), "resolve", "false");
    const incident = await bot.read((reader) => reader.loadIncident(card.incident));
    expect(incident).toMatchObject({ closedAt: null });
    expect(incident).not.toHaveProperty("called112At");
    // A button that pressed at the old place is no second one here, and one that is here is.
    await bot.press("yard");
    await bot.fastForward(second);
    expect(await bot.desk.expectPage("update")).toMatchObject({ incident: { verification: "second-button" } });
  });
});

describe("an alarm centre", () => {
  const connect = async (bot: Bot, centre: AlarmCentre, account = "7777") => {
    const steps = [
      { after: "0s", tell: "frontdesk" },
      { after: "60s", page: "centre" },
      { after: "10m", page: "desk" },
    ];
    const primary = { host: "127.0.0.1", port: centre.port };
    const pager = { type: "sia-dc09", account: "1234", codes: { callOff: "PH" }, text: true, primary };
    await bot.restart({
      policies: { building: { ...building, repeatEvery: "30m", steps } },
      pagers: { ...(bot.settings.pagers as object), centre: pager },
    });
    await bot.press("hall");
    const card = await bot.expectCard("Gemeentehuis, Balie");
    await bot.fastForward(minute);
    await expectEvents(bot, centre, [`${account} PA`]);
    return card;
  };
  const expectEvents = async (bot: Bot, { events }: AlarmCentre, expected: readonly string[]) => {
    for (let waited = 0; events.length < expected.length && waited < 15; waited += 1) await bot.fastForward(second);
    await bot.fastForward(second);
    const sent = events.map(({ account, data }) => `${account} ${data.slice(-5, -3)}`);
    expect([sent[0], ...sent.slice(1).toSorted()]).toEqual(expected);
  };

  it.each([
    ["of the location where it is by now", "8888", { buttons: [atYard] }],
    [
      "of the pager, once its location and that of its button are gone",
      "1234",
      { buttons: [bus], locations: { yard: locations.yard } },
    ],
  ])("gets the alarm under the account %s too, and its end under both", async (_what, account, settings) => {
    await using bot = await start();
    await using centre = await startAlarmCentre({ now: bot.clock.now });
    const card = await connect(bot, centre);
    await bot.restart(settings);
    await bot.press("hall");
    await expectEvents(bot, centre, ["7777 PA", `${account} PA`]);
    await bot.click(alice, bot.look(card), "arrive");
    await bot.click(alice, bot.look(card), "resolve", "false");
    await expectEvents(bot, centre, ["7777 PA", ...[`${account} PA`, `${account} PH`, "7777 PH"].toSorted()]);
  });

  it.each([
    ["one of their own", "5555", { account: "5555" }],
    ["that of the pager", "1234", {}],
  ])("of two locations with one account is told anew where it is by then, and of its end once: %s", async (...each) => {
    const [, account, own] = each;
    const { "town-hall": town, yard: other } = locations;
    const shared = { "town-hall": { ...town, account: null, ...own }, yard: { ...other, account: null, ...own } };
    await using bot = await start({ locations: shared });
    await using centre = await startAlarmCentre({ now: bot.clock.now });
    const card = await connect(bot, centre, account);
    await bot.restart({ buttons: [atYard] });
    await bot.press("hall");
    await expectEvents(bot, centre, [`${account} PA`, `${account} PA`]);
    const texts = centre.events.map(({ extended }) => extended.join());
    expect(texts.map((text) => /Raadhuisplein|Havenkade/.exec(text)?.[0])).toEqual(["Raadhuisplein", "Havenkade"]);
    await bot.click(alice, bot.look(card), "arrive");
    await bot.click(alice, bot.look(card), "resolve", "false");
    await expectEvents(bot, centre, [`${account} PA`, `${account} PA`, `${account} PH`]);
  });

  it("gets the end under the account of the alarm, also when its location has left the configuration", async () => {
    const lead = { name: lea.name, id: lea.aadObjectId, onDuty: "never", lead: true };
    await using bot = await start({ people: [...people, lead] });
    await using centre = await startAlarmCentre({ now: bot.clock.now });
    const card = await connect(bot, centre);
    await bot.restart({ buttons: [yard], locations: { yard: locations.yard } });
    await bot.click(lea, bot.look(card), "resolve", "false");
    await expectEvents(bot, centre, ["7777 PA", "7777 PH"]);
  });
});
