import { describe, expect, it } from "vitest";
import { mentionedOn } from "../card-text.ts";
import { mention, nl } from "../dutch.ts";
import { accountSid, authToken, type FakeTwilio, startTwilio } from "../fakes/twilio.ts";
import {
  alice,
  type Bot,
  backOffice,
  bob,
  building,
  carol,
  frontdesk,
  lea,
  minute,
  paul,
  type Settings,
  second,
  startBot,
} from "../harness.ts";
import { followRings, nameOf, ownChannel, personAt, pool, sources, townHall, yard } from "../located.ts";

const locations = { "town-hall": townHall, yard };

/** Alice is of the town hall, Bob of the yard, Carol of both. */
const people = [personAt(alice, ["town-hall"]), personAt(bob, ["yard"]), personAt(carol, ["town-hall", "yard"])];

const buttons = [
  { source: "buttons", id: "hall", place: "Balie", location: "town-hall" },
  { source: "buttons", id: "hall-2", place: "Balie", location: "town-hall" },
  { source: "buttons", id: "yard", place: "Balie", location: "yard" },
  { source: "buttons", id: "field", place: "Busje", fixed: false, location: "yard", holder: paul.name },
];

function start(settings: Settings = {}): Promise<Bot> {
  return startBot({ settings: { locations, people, buttons, ...settings } });
}

describe("an alarm rings the people of its location (rule 22)", () => {
  it("and nobody of another one that shares the channel; the card says where it is", async () => {
    await using bot = await start();
    const rung = followRings(bot);
    await bot.press("hall");
    await bot.fastForward(second);
    const card = await bot.expectCard("Gemeentehuis, Balie");
    expect(bot.teams.told.map(({ to }) => nameOf(to)).sort()).toEqual([alice.name, carol.name]);
    expect(mentionedOn(card.posted.shown[0]?.attachments?.[0]?.content).map(nameOf)).toEqual([alice.name, carol.name]);
    expect(rung()).toEqual([alice.name, carol.name]);
    expect(card.text).not.toContain(bob.name);
    await bot.press("field");
    await bot.fastForward(second);
    await bot.expectCard("Stadswerf, Busje");
    expect(rung()).toEqual([bob.name, carol.name]);
  });

  it("pressed again, in a new round, and on a call for help", async () => {
    await using bot = await start();
    const rung = followRings(bot);
    await bot.press("hall");
    const card = await bot.expectCard("Balie");
    await bot.fastForward(2 * second);
    expect(rung()).toEqual([alice.name, carol.name]);
    await bot.press("hall");
    await bot.fastForward(2 * second);
    expect(rung()).toEqual([alice.name, carol.name]);
    await bot.click(alice, card, "arrive");
    await bot.press("hall");
    await bot.fastForward(minute);
    // Who was there may be there still (rule 7).
    expect(rung()).toEqual([carol.name]);
    await bot.click(alice, bot.look(card), "decline");
    await bot.click(carol, bot.look(card), "arrive");
    await bot.click(carol, bot.look(card), "help");
    await bot.fastForward(minute);
    expect(rung()).not.toContain(bob.name);
    // All of it again, without end.
    await bot.fastForward(10 * minute);
    expect(rung()).not.toContain(bob.name);
  });

  it("on the phone too, where the policy calls them", async () => {
    await using twilio = await startTwilio();
    await using bot = await start();
    await bot.restart(withCalls(bot, twilio));
    await bot.press("hall");
    await bot.expectCard("Balie");
    await bot.fastForward(2 * minute);
    expect(twilio.orders.map(({ form }) => form.To)).toEqual(["+31600000001", "+31600000003"]);
  });

  it("after a restart as before", async () => {
    await using bot = await start();
    await bot.press("hall");
    await bot.expectCard("Balie");
    const rung = followRings(bot);
    rung();
    await bot.restart();
    await bot.press("hall");
    await bot.fastForward(2 * second);
    expect(rung()).toEqual([alice.name, carol.name]);
  });

  it("by where they belong now, when somebody has moved", async () => {
    await using bot = await start();
    await bot.press("hall");
    await bot.expectCard("Balie");
    await bot.fastForward(second);
    const rung = followRings(bot);
    rung();
    await bot.restart({ people: [personAt(alice, ["yard"]), personAt(bob, ["town-hall"]), personAt(carol, ["yard"])] });
    await bot.press("hall");
    await bot.fastForward(2 * second);
    expect(rung()).toEqual([bob.name]);
  });

  it("by where a button is now, when that has moved with its alarm open", async () => {
    await using bot = await start();
    await bot.press("hall");
    const card = await bot.expectCard("Gemeentehuis, Balie");
    await bot.fastForward(second);
    const rung = followRings(bot);
    rung();
    const moved = { source: "buttons", id: "hall", place: "Kantine", location: "yard" };
    await bot.restart({ buttons: [moved] });
    await bot.press("hall");
    await bot.fastForward(minute);
    expect(rung()).toEqual([bob.name, carol.name]);
    expect(bot.look(card).text).toContain("Stadswerf, Kantine");
  });

  it("and who promised to come to where it was holds nothing back, until they click again", async () => {
    await using bot = await start();
    await bot.press("hall");
    const card = await bot.expectCard("Gemeentehuis, Balie");
    await bot.click(alice, card, "claim");
    await bot.click(carol, card, "claim");
    await bot.fastForward(70 * second);
    bot.desk.expectNothing();
    await bot.restart({ buttons: [{ source: "buttons", id: "hall", place: "Kantine", location: "yard" }] });
    await bot.fastForward(second);
    bot.desk.expectNothing();
    await bot.press("hall");
    await bot.fastForward(second);
    await bot.desk.expectPage("unclaimed");
    // Their promise is counted from now, and not from the one of before.
    await bot.click(carol, bot.look(card), "arrive");
    await bot.fastForward(minute);
    bot.phone.expectNothing();
  });

  it("also once its channel is linked elsewhere", async () => {
    await using bot = await start({
      channels: { frontdesk: {}, "back-office": {} },
      people: [...people, personAt(lea, ["yard"], { onDuty: "never", lead: true })],
    });
    await bot.type(lea, "koppel frontdesk", frontdesk);
    await bot.press("hall");
    await bot.expectCard("Balie");
    await bot.fastForward(second);
    await bot.type(lea, "koppel frontdesk", backOffice);
    const rung = followRings(bot);
    rung();
    await bot.press("hall");
    await bot.fastForward(minute);
    expect(rung()).toEqual([alice.name, carol.name]);
  });
});

describe("of a button whose location nobody knows", () => {
  it("everybody is rung whose location has the same channel, and the card says that it is unknown", async () => {
    const beyond = { pool: { ...pool, channel: "back-office" } };
    await using bot = await start({
      locations: { ...locations, ...beyond },
      people: [...people, personAt(lea, ["pool"]), personAt(paul, null)],
    });
    const rung = followRings(bot);
    await bot.press("0999", { place: "Hal" });
    await bot.fastForward(second);
    await bot.expectCard(`${nl.terms.locationUnknown}, Hal`);
    expect(rung()).toEqual([alice.name, bob.name, carol.name, paul.name]);
  });

  it("everybody, where no location has that channel", async () => {
    const elsewhere = Object.entries(locations).map(([key, each]) => [key, { ...each, channel: "back-office" }]);
    await using bot = await start({ locations: Object.fromEntries(elsewhere), buttons: [] });
    const rung = followRings(bot);
    await bot.press("0999");
    await bot.fastForward(second);
    await bot.expectCard(`${nl.terms.locationUnknown}, plaats onbekend`);
    expect(rung()).toEqual([alice.name, bob.name, carol.name]);
  });

  it("its source may say where all of it is", async () => {
    await using bot = await start({ sources: { buttons: { ...sources.buttons, location: "yard" } }, buttons: [] });
    const rung = followRings(bot);
    await bot.press("0999");
    await bot.post("buttons", "{");
    await bot.fastForward(second);
    await bot.expectCard("Stadswerf, plaats onbekend");
    await bot.expectCard("Stadswerf, onleesbaar bericht van buttons");
    expect(rung()).toEqual([bob.name, carol.name]);
  });
});

describe("of one source with buttons in several buildings, each with a channel of its own, who may be meant is rung", () => {
  const apart: Settings = {
    locations: { ...locations, yard: { ...yard, channel: "back-office", policy: "own" } },
    policies: { building, own: ownChannel },
    // The pool has its own source, and Lea is of the pool.
    people: [...people.slice(0, 2), personAt(lea, ["pool"])],
  };
  const poolApart = { ...pool, channel: "back-office", policy: "own" };

  it.each([
    ["by a message that can't be read and names the yard", '{"button":"yard","kind":"press","at":'],
    ["by one that names the town hall", '{"button":"hall","kind":"press","at":'],
    ["by one that names nothing", "{"],
    ["by a button that is not listed", JSON.stringify({ button: "0999", kind: "press" })],
  ])("%s", async (_what, body) => {
    await using bot = await start({ ...apart, locations: { ...(apart.locations as Settings), pool: poolApart } });
    const rung = followRings(bot);
    await bot.post("buttons", body);
    await bot.fastForward(second);
    await bot.expectCard(nl.terms.locationUnknown);
    expect(rung()).toEqual([alice.name, bob.name]);
    // In each round again, and after a restart.
    await bot.restart();
    await bot.fastForward(5 * minute);
    bot.desk.ignoreRest();
    bot.phone.ignoreRest();
    expect(rung()).toEqual([alice.name, bob.name]);
  });
});

describe("an alarm that is typed in a chat", () => {
  it("is at the location of who types it, where they have one alone", async () => {
    await using bot = await start({ sources, people: [...people, personAt(paul, ["yard"])] });
    await bot.type(paul, "alarm Balie");
    const card = await bot.expectCard("Stadswerf, Balie");
    await bot.fastForward(second);
    expect(mentionedOn(card.posted.shown[0]?.attachments?.[0]?.content).map(nameOf)).toEqual([bob.name, carol.name]);
  });

  it("is at one of them where they have several, and at an unknown one where they have none", async () => {
    await using bot = await start({ sources, people: [...people, personAt(paul, null)] });
    await bot.type(carol, "alarm");
    await bot.expectCard("Gemeentehuis of Stadswerf, plaats onbekend");
    await bot.type(paul, "alarm Hal");
    await bot.expectCard(`${nl.terms.locationUnknown}, Hal`);
  });

  it("has the chain of its location", async () => {
    const apart = { ...yard, channel: "back-office", policy: "yard" };
    const own = {
      ...building,
      steps: [
        { after: "0s", tell: "own" },
        { after: "30s", page: "phone" },
      ],
    };
    await using bot = await start({
      ...{ sources, locations: { ...locations, yard: apart }, policies: { building, yard: own } },
      people: [...people, personAt(paul, ["yard"])],
    });
    await bot.type(paul, "alarm");
    expect((await bot.expectCard("Stadswerf")).posted.conversation).toBe(backOffice);
    await bot.fastForward(30 * second);
    await bot.phone.expectPage("unclaimed");
  });
});

it("of what can't be read nothing is known where its source's buttons are at several locations", async () => {
  await using bot = await start();
  const rung = followRings(bot);
  await bot.post("buttons", "{");
  await bot.fastForward(second);
  await bot.expectCard(`${nl.terms.locationUnknown}, onleesbaar bericht van buttons`);
  expect(rung()).toEqual([alice.name, bob.name, carol.name]);
});

it("rule 9: when all of a location declined security is paged at once, whoever another one has", async () => {
  await using bot = await start();
  await bot.press("hall");
  const card = await bot.expectCard("Balie");
  await bot.click(alice, card, "decline");
  bot.desk.expectNothing();
  await bot.click(carol, card, "decline");
  await bot.fastForward(second);
  await bot.desk.expectPage("declined");
});

it("rule 9: when nobody of a location is on duty security is paged at once", async () => {
  await using bot = await start({
    people: [personAt(alice, ["town-hall"], { onDuty: "never" }), personAt(bob, ["yard"])],
  });
  await bot.press("hall");
  await bot.fastForward(second);
  await bot.desk.expectPage("nobody-on-duty");
  expect((await bot.expectCard("Gemeentehuis, Balie")).text).toContain(nl.card.remark.nobodyOnDuty);
});

it("rules 3 and 4: one place at two locations are two places, in one channel too", async () => {
  await using bot = await start();
  const { incident } = await bot.press("hall");
  expect(await bot.press("yard")).toMatchObject({ outcome: "opened" });
  expect(await bot.press("hall-2")).toMatchObject({ outcome: "verified", incident });
  await bot.fastForward(second);
  const [hall, yard] = [await bot.expectCard("Gemeentehuis, Balie"), await bot.expectCard("Stadswerf, Balie")];
  expect(hall.text).toContain(nl.terms.verification["second-button"]);
  expect(yard.text).not.toContain(nl.terms.verification["second-button"]);
  // What went before the race is held by the disk as well.
  const open = await bot.read((reader) => reader.listOpen(10));
  expect(open.map(({ location, place }) => `${location} ${place}`).sort()).toEqual(["town-hall Balie", "yard Balie"]);
});

it("an alarm from memory rings the people of its location", async () => {
  await using bot = await start();
  const held = bot.holdDisk();
  expect(await bot.press("hall")).toMatchObject({ status: 503 });
  held[Symbol.dispose]();
  expect(mentionedOn(bot.teams.cards[0]?.shown[0]?.attachments?.[0]?.content).map(nameOf).sort()).toEqual([
    alice.name,
    carol.name,
  ]);
  await bot.expectCard("Gemeentehuis, Balie");
  expect(bot.teams.direct.map(({ to }) => nameOf(to))).not.toContain(bob.name);
});

it("without locations nothing is said of them, and everybody is rung", async () => {
  await using bot = await startBot({ settings: { people: people.map(({ locations: _, ...each }) => each) } });
  const rung = followRings(bot);
  await bot.press("0051");
  await bot.fastForward(second);
  const card = await bot.expectCard("Balie");
  expect(rung()).toEqual([alice.name, bob.name, carol.name]);
  expect(card.text.toLowerCase()).not.toContain("locatie");
  expect(card.text).toContain(mention(alice, bob, carol));
});

function withCalls(bot: Bot, twilio: FakeTwilio): Settings {
  const steps = [
    { after: "0s", tell: "frontdesk" },
    { after: "30s", call: "on-duty", by: "calls" },
    { after: "60s", page: "desk" },
  ];
  const account = { accountSid, authToken, from: "+31850000000", to: "+31612345678" };
  return {
    pagers: {
      ...(bot.settings.pagers as Settings),
      calls: { type: "twilio-voice", baseUrl: twilio.baseUrl, ...account },
    },
    policies: { building: { ...building, steps } },
    people: people.map((each, index) => ({ ...each, phone: `+3160000000${index + 1}` })),
  };
}
