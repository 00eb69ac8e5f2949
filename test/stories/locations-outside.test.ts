import { describe, expect, it } from "vitest";
import { nl } from "../dutch.ts";
import { startAlarmCentre } from "../fakes/alarm-centre.ts";
import { startProvider } from "../fakes/providers.ts";
import { accountSid, authToken, startTwilio } from "../fakes/twilio.ts";
import { readTwiml, toSaid } from "../fakes/twiml-reader.ts";
import {
  alice,
  type Bot,
  bob,
  building,
  lea,
  minute,
  paul,
  people,
  type Settings,
  second,
  sourceSecret,
  startBot,
} from "../harness.ts";

const townHall = {
  name: "Gemeentehuis",
  address: "Raadhuisplein 12-A, 1234 AB Voorbeeld",
  entrance: "Hoofdingang, meld je bij de balie",
  phone: "+31300000001",
  codeWord: "map achter de balie",
};
const locations = {
  "town-hall": { ...townHall, account: "7777", position: { lat: 52.52, lon: 5.71, radius: 150 } },
  yard: { name: "Stadswerf" },
};

const buttons = [
  { source: "buttons", id: "hall", place: "Balie", directions: "Links", location: "town-hall" },
  { source: "buttons", id: "hall-2", place: "Balie", location: "town-hall" },
  { source: "buttons", id: "yard", place: "Hal", location: "yard" },
];

function start(settings: Settings = {}): Promise<Bot> {
  return startBot({ settings: { locations, buttons, ...settings } });
}

/** What stands on a page's signed call. */
const told = {
  organisation: "Gemeente Voorbeeld",
  name: "Gemeentehuis",
  address: townHall.address,
  entrance: townHall.entrance,
  callBack: townHall.phone,
  account: "7777",
  position: { lat: 52.52, lon: 5.71 },
};

describe("external security is told where the location is", () => {
  it("in the page, in news of it and in the call-off", async () => {
    await using bot = await start();
    await bot.press("hall");
    const card = await bot.expectCard("Gemeentehuis, Balie");
    await bot.fastForward(minute);
    expect(await bot.desk.expectPage("unclaimed")).toMatchObject({ location: told });
    await bot.click(alice, card, "arrive");
    expect(await bot.desk.expectPage("update")).toMatchObject({ location: told });
    bot.desk.ignoreRest();
    await bot.click(alice, bot.look(card), "call-off");
    await bot.fastForward(2 * second);
    expect(await bot.desk.expectPage("call-off")).toMatchObject({ location: told });
  });

  it("on the page behind the link, with links to ring and to find it", async () => {
    await using bot = await start();
    await bot.press("hall");
    await bot.expectCard("Balie");
    await bot.fastForward(minute);
    const page = await bot.openGuardPage(await bot.desk.expectPage("unclaimed"));
    for (const part of ["Balie", "Gemeentehuis, Raadhuisplein 12-A, 1234 AB Voorbeeld", townHall.entrance, "Links"])
      expect(page.text).toContain(part);
    expect(page.text).toContain(nl.guardView.callBack(townHall.phone));
    expect(page.links).toEqual([
      `tel:${townHall.phone}`,
      "https://www.openstreetmap.org/?mlat=52.52&mlon=5.71#map=18/52.52/5.71",
    ]);
    // Each stands before the buttons: a guard who is asked to come has to know where.
    expect(page.text.indexOf(townHall.address)).toBeLessThan(page.text.indexOf(nl.guardButtons.accept));
  });

  it("by a search for its address, where nobody said its position", async () => {
    await using bot = await start({ locations: { "town-hall": townHall, yard: locations.yard } });
    await bot.press("hall");
    await bot.expectCard("Balie");
    await bot.fastForward(minute);
    const page = await bot.openGuardPage(await bot.desk.expectPage("unclaimed"));
    const query = "Raadhuisplein%2012-A%2C%201234%20AB%20Voorbeeld";
    expect(page.links).toContain(`https://www.openstreetmap.org/search?query=${query}`);
  });

  it("also by a page from memory", async () => {
    await using bot = await start();
    const held = bot.holdDisk();
    expect(await bot.press("hall")).toMatchObject({ status: 503 });
    held[Symbol.dispose]();
    expect(await bot.desk.expectPage("unclaimed")).toMatchObject({ location: told });
    await bot.expectCard("Balie");
  });

  it("as it is now, when the configuration was mended with the alarm open", async () => {
    await using bot = await start();
    await bot.press("hall");
    await bot.expectCard("Balie");
    const address = "Nieuwe Kade 1, 1234 AC Voorbeeld";
    await bot.restart({ locations: { ...locations, "town-hall": { ...townHall, address } } });
    await bot.fastForward(minute);
    expect(await bot.desk.expectPage("unclaimed")).toMatchObject({ location: { address } });
  });
});

describe("nothing false is said", () => {
  const nothing = { address: null, entrance: null, callBack: null, account: null, position: null };

  it.each([
    ["of a location of which only the name is known", "yard", "Stadswerf"],
    ["where the button has no location", "0999", null],
  ])("%s", async (_what, button, name) => {
    await using bot = await start();
    await bot.press(button);
    await bot.expectCard(name ?? nl.terms.locationUnknown);
    await bot.fastForward(minute);
    const sent = await bot.desk.expectPage("unclaimed");
    expect(sent.location).toEqual({ ...told, ...nothing, name });
    const page = await bot.openGuardPage(sent);
    expect(page.text).toContain(name ?? nl.terms.locationUnknown);
    expect(page.links).toEqual([]);
  });

  it("of a location that has left the configuration, but what it was called there", async () => {
    await using bot = await start();
    await bot.press("hall");
    await bot.expectCard("Balie");
    await bot.restart({ locations: { yard: locations.yard }, buttons: [] });
    await bot.fastForward(minute);
    expect((await bot.desk.expectPage("unclaimed")).location).toEqual({ ...told, ...nothing, name: "town-hall" });
  });

  it("and nothing at all of locations where there are none", async () => {
    await using bot = await startBot();
    await bot.press("0051");
    await bot.expectCard("Balie");
    await bot.fastForward(minute);
    const sent = await bot.desk.expectPage("unclaimed");
    expect(sent).not.toHaveProperty("location");
    const page = await bot.openGuardPage(sent);
    expect(page.text.toLowerCase()).not.toContain("locatie");
    expect(page.links).toEqual([]);
  });
});

describe("where somebody usually is, is not said to be where they are", () => {
  const field = [...buttons, { source: "buttons", id: "van", place: "Busje 4", fixed: false, location: "town-hall" }];
  const elsewhere = nl.terms.elsewhere("Gemeentehuis");
  const nothing = { name: null, address: null, entrance: null, account: null, position: null };
  /** Within 150 m of the town hall, some 500 m from it, and in another town. */
  const near = { lat: 52.5205, lon: 5.7105, accuracyM: 10 };
  const beyond = { lat: 52.5245, lon: 5.71, accuracyM: 10 };
  const far = { lat: 52.09, lon: 5.12, accuracyM: 10 };

  it.each([
    ["of a button that is carried", "van", null],
    ["of one that is carried, far away", "van", far],
    ["of one that is just outside", "van", beyond],
    ["of one that hangs there, when its own position is elsewhere", "hall", far],
  ])("%s", async (_what, button, position) => {
    await using bot = await start({ buttons: field });
    await bot.press(button, position === null ? {} : { position });
    const card = await bot.expectCard(elsewhere);
    await bot.fastForward(minute);
    const sent = await bot.desk.expectPage("unclaimed");
    expect(sent.location).toEqual({ ...told, ...nothing });
    expect(sent.incident.position).toEqual(position);
    const page = await bot.openGuardPage(sent);
    expect(page.text).toContain(elsewhere);
    expect(page.links).toEqual([
      `tel:${townHall.phone}`,
      ...(position === null ? [] : [expect.stringContaining(`mlat=${position.lat}`)]),
    ]);
    const shown = bot.look(card).text;
    expect(shown).toContain("een medewerker heeft alarm geslagen");
    for (const text of [shown, page.text]) expect(text).not.toContain("Raadhuisplein");
  });

  it.each([
    ["within the location", near],
    ["which may be within it, as little exact as it is", { ...beyond, accuracyM: 400 }],
  ])("but its address is, where the position is %s", async (_what, position) => {
    await using bot = await start({ buttons: field });
    await bot.press("van", { position });
    await bot.expectCard("Gemeentehuis, Busje 4");
    await bot.fastForward(minute);
    expect(await bot.desk.expectPage("unclaimed")).toMatchObject({ location: told });
  });

  it("once a position comes from elsewhere, and of a page from memory", async () => {
    await using bot = await start({ buttons: field });
    await bot.press("van", { position: near });
    await bot.expectCard("Gemeentehuis, Busje 4");
    await bot.post("buttons", JSON.stringify({ button: "van", kind: "position", position: far }));
    await bot.fastForward(minute);
    expect((await bot.desk.expectPage("unclaimed")).location).toEqual({ ...told, ...nothing });
    bot.phone.ignoreRest();
    const held = bot.holdDisk();
    expect(await bot.press("van")).toMatchObject({ status: 503 });
    held[Symbol.dispose]();
    expect((await bot.desk.expectPage("unclaimed")).location).toEqual({ ...told, ...nothing });
  });

  it("of a visit that nobody ended, whose people are rung all the same", async () => {
    const source = { type: "webhook", secret: sourceSecret, policy: "building", channel: "frontdesk" };
    await using bot = await start({
      sources: { buttons: source, chat: { type: "teams", policy: "building", channel: "frontdesk" } },
      people: [alice, paul].map(({ name, aadObjectId }) => ({ name, id: aadObjectId, locations: ["town-hall"] })),
    });
    await bot.type(paul, "bezoek 5");
    await bot.fastForward(9 * minute + second);
    const card = await bot.expectCard(elsewhere);
    expect(bot.teams.direct.map(({ to }) => to)).toContain(alice.teamsId);
    await bot.fastForward(minute);
    expect((await bot.desk.expectPage("unclaimed")).location).toEqual({ ...told, ...nothing });
    expect(bot.look(card).text).not.toContain("Raadhuisplein");
  });

  it("in the call, which says the position", async () => {
    await using twilio = await startTwilio();
    await using bot = await start({ buttons: field });
    const account = { accountSid, authToken, from: "+31850000000", to: "+31612345678" };
    const phone = { type: "twilio-voice", baseUrl: twilio.baseUrl, ...account };
    await bot.restart({ pagers: { ...(bot.settings.pagers as object), phone } });
    await bot.press("van", { position: far });
    await bot.expectCard(elsewhere);
    await bot.fastForward(2 * minute + second);
    bot.desk.ignoreRest();
    const said = toSaid(readTwiml(twilio.orders[0]?.form.Twiml ?? "")).join(" ");
    expect(said).toContain(elsewhere);
    expect(said).toContain(nl.voice.position("52,0900", "5,1200"));
    expect(said).not.toContain("Raadhuisplein");
  });
});

it("the code word, and where it lies, leave by no pager and stand on no guard's page", async () => {
  const types = ["webhook", "smtp", "sia-dc09", "twilio-voice", "twilio-sms", "cm-sms", "pagerduty", "ntfy"] as const;
  for (const type of types) {
    await using bot = await start();
    await using provider = await startProvider(type, { now: bot.clock.now });
    const steps = [
      { after: "0s", tell: "frontdesk" },
      { after: "60s", page: "tried" },
      { after: "60s", page: "desk" },
    ];
    const pagers = { ...(bot.settings.pagers as object), tried: provider.settings };
    await bot.restart({ policies: { building: { ...building, steps } }, pagers });
    await bot.press("hall");
    await bot.expectCard("Balie");
    await bot.fastForward(minute);
    await bot.fastForward(second);
    expect(provider.arrivals().length).toBeGreaterThan(0);
    for (const { text } of provider.arrivals()) expect(text).not.toContain("achter de balie");
    const page = await bot.openGuardPage(await bot.desk.expectPage("unclaimed"));
    expect(page.text).not.toContain(townHall.codeWord);
  }
});

it("an alarm centre gets the alarm under the location's own account, and others under the pager's", async () => {
  await using bot = await start();
  await using centre = await startAlarmCentre({ now: bot.clock.now });
  const pager = { type: "sia-dc09", account: "1234", text: true, primary: { host: "127.0.0.1", port: centre.port } };
  const steps = [
    { after: "0s", tell: "frontdesk" },
    { after: "60s", page: "centre" },
    { after: "10m", page: "desk" },
  ];
  const pagers = { ...(bot.settings.pagers as object), centre: pager };
  const policies = { building: { ...building, repeatEvery: "30m", steps } };
  await bot.restart({ policies, pagers });
  await bot.press("hall");
  await bot.expectCard("Balie");
  await bot.press("yard");
  await bot.expectCard("Hal");
  await bot.fastForward(minute);
  for (let waited = 0; centre.events.length < 2 && waited < 15; waited += 1) await bot.fastForward(second);
  const sent = centre.events.map(({ account, extended }) => [account, extended.join()]).toSorted();
  expect(sent).toEqual([
    ["1234", "IHal, Stadswerf, Gemeente Voorbeeld"],
    [
      "7777",
      `IBalie, Gemeentehuis, ${townHall.address}, ${townHall.phone}, Links, ${townHall.entrance}, Gemeente Voorbeeld`,
    ],
  ]);
  // A test of the ways to it goes by each of them, because it may know one and not another.
  await bot.type(lea, "test");
  for (let waited = 0; centre.events.length < 4 && waited < 15; waited += 1) await bot.fastForward(second);
  expect(
    centre.events
      .slice(2)
      .map(({ account }) => account)
      .toSorted(),
  ).toEqual(["1234", "7777"]);
  // What tells whether the receiver is there goes by the pager's own account.
  expect(new Set(centre.frames.filter(({ id }) => id === "NULL").map(({ account }) => account))).toEqual(
    new Set(["1234"]),
  );
});

it("a colleague who is called hears where it is, and of nobody to call back", async () => {
  await using twilio = await startTwilio();
  await using bot = await start();
  const account = { accountSid, authToken, from: "+31850000000", to: "+31612345678" };
  const calls = { type: "twilio-voice", baseUrl: twilio.baseUrl, ...account };
  const steps = [
    { after: "0s", tell: "frontdesk" },
    { after: "30s", call: "on-duty", by: "calls" },
    { after: "60s", page: "calls" },
  ];
  await bot.restart({
    pagers: { ...(bot.settings.pagers as object), calls },
    policies: { building: { ...building, steps } },
    people: people.filter(({ name }) => name === bob.name).map((each) => ({ ...each, phone: "+31600000002" })),
  });
  await bot.press("hall");
  await bot.expectCard("Balie");
  await bot.fastForward(minute);
  const [colleague = "", guard = ""] = twilio.orders.map(({ form }) => toSaid(readTwiml(form.Twiml ?? "")).join(" "));
  for (const said of [colleague, guard]) {
    expect(said).toContain("De plaats is: Gemeentehuis, Balie. Ik herhaal: Gemeentehuis, Balie.");
    expect(said).toContain("Raadhuisplein 12 A, postcode: 1, 2, 3, 4, A, B, Voorbeeld.");
  }
  expect(guard).toContain("U kunt terugbellen op nummer: 0, 3, 0, 0, 0, 0, 0, 0, 0, 1.");
  expect(colleague).not.toContain("terugbellen");
});

describe("what is read out to the alarm centre or 112", () => {
  it("says for whom, at which address and where, from when security is called on", async () => {
    await using bot = await start();
    await bot.press("hall");
    const card = await bot.expectCard("Balie");
    expect(card.text).not.toContain(nl.card.label.readOut);
    await bot.fastForward(minute);
    await bot.desk.expectPage("unclaimed");
    const where = `Gemeente Voorbeeld, ${townHall.address}, Gemeentehuis, Balie`;
    expect(bot.look(card).text).toContain(`“${where}: een medewerker heeft alarm geslagen.”`);
    await bot.press("hall-2");
    await bot.fastForward(second);
    expect(bot.look(card).text).toContain(
      `“${where}: een medewerker heeft alarm geslagen. Er is op twee verschillende knoppen gedrukt.”`,
    );
    await bot.desk.expectPage("update");
  });

  it("stays as it was where there are no locations", async () => {
    await using bot = await startBot();
    await bot.press("0042");
    const card = await bot.expectCard("Spreekkamer 3");
    await bot.fastForward(minute);
    await bot.desk.expectPage("unclaimed");
    expect(bot.look(card).text).not.toContain(nl.card.label.readOut);
    await bot.press("0044");
    await bot.fastForward(second);
    expect(bot.look(card).text).toContain(
      "“Alarm op deze plaats: Spreekkamer 3. Er is op twee verschillende knoppen gedrukt.”",
    );
    await bot.desk.expectPage("update");
  });
});
