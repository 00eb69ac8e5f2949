import { describe, expect, it } from "vitest";
import { nl } from "../dutch.ts";
import { listMentioned } from "../fakes/teams-mentions.ts";
import { alice, backOffice, bob, carol, frontdesk, minute, paul, type Settings, second, startBot } from "../harness.ts";
import { followRings, ownChannel, personAt, pool, sources, townHall, yard } from "../located.ts";

const bhv = { id: "tag-bhv", name: "BHV", mayRingPresser: true };
const locations = { "town-hall": townHall, yard: { ...yard, channel: "back-office" } };
const buttons = [
  { source: "buttons", id: "hall", place: "Balie", location: "town-hall" },
  { source: "buttons", id: "yard", place: "Balie", location: "yard" },
];
const people = [personAt(alice, ["town-hall"]), personAt(carol, ["town-hall"])];

function start(settings: Settings, tags: readonly string[] = []) {
  const channels = { frontdesk: { conversation: frontdesk }, "back-office": { conversation: backOffice } };
  return startBot({
    teams: { tags },
    settings: { channels, locations, buttons, people, sources, policies: { building: ownChannel }, ...settings },
  });
}
const tagged = {
  channels: { frontdesk: { conversation: frontdesk }, "back-office": { conversation: backOffice, tag: bhv } },
};

describe("a location of which nobody is in people, beside one that has some (rule 9)", () => {
  it("rings nobody of the other one, calls security at once, and says so", async () => {
    await using bot = await start({});
    const rung = followRings(bot);
    await bot.press("yard");
    await bot.fastForward(second);
    const card = await bot.expectCard("Stadswerf, Balie");
    expect(card.posted.conversation).toBe(backOffice);
    expect(card.text).toContain(nl.card.remark.nobodyOnDuty);
    expect(rung()).toEqual([]);
    await bot.desk.expectPage("nobody-on-duty");
    await bot.press("hall");
    await bot.fastForward(second);
    await bot.expectCard("Gemeentehuis, Balie");
    expect(rung()).toEqual([alice.name, carol.name]);
    bot.desk.expectNothing();
  });

  it("rings the tag of its channel besides, where it has one", async () => {
    await using bot = await start(tagged, [bhv.id]);
    await bot.press("yard");
    await bot.fastForward(second);
    const card = await bot.expectCard("Stadswerf, Balie");
    expect(listMentioned(card.posted.body).map(({ id }) => id)).toEqual([bhv.id]);
    expect(card.text).toContain(nl.card.remark.nobodyOnDuty);
    await bot.desk.expectPage("nobody-on-duty");
  });
});

describe("without people, each location with a channel of its own", () => {
  it("each card rings the tag of its channel alone, and where there is none says that it rings nobody", async () => {
    await using bot = await start({ ...tagged, people: undefined }, [bhv.id]);
    await bot.press("yard");
    await bot.press("hall");
    await bot.fastForward(second);
    const [there, here] = [await bot.expectCard("Stadswerf, Balie"), await bot.expectCard("Gemeentehuis, Balie")];
    expect([there, here].map(({ posted }) => listMentioned(posted.body).map(({ id }) => id))).toEqual([[bhv.id], []]);
    expect([there, here].map(({ posted }) => posted.conversation)).toEqual([backOffice, frontdesk]);
    expect(there.text).not.toContain(nl.card.remark.nobodyRung);
    expect(here.text).toContain(nl.card.remark.nobodyRung);
    bot.desk.expectNothing();
    await bot.fastForward(minute);
    expect((await bot.desk.expectPage("unclaimed")).location?.name).toBe("Stadswerf");
    expect((await bot.desk.expectPage("unclaimed")).location?.name).toBe("Gemeentehuis");
  });
});

describe("what the configuration says of locations now counts, with alarms open", () => {
  it("one that was renamed is called so from then on", async () => {
    await using bot = await start({});
    await bot.press("hall");
    const card = await bot.expectCard("Gemeentehuis, Balie");
    await bot.reload({ locations: { ...locations, "town-hall": { ...townHall, name: "Stadskantoor" } } });
    await bot.click(alice, card, "claim");
    await bot.fastForward(second);
    expect(bot.look(card).text).toContain("Stadskantoor, Balie");
    await bot.click(alice, bot.look(card), "decline");
    await bot.click(carol, bot.look(card), "decline");
    await bot.fastForward(second);
    expect((await bot.desk.expectPage("declined")).location?.name).toBe("Stadskantoor");
  });

  it("of one that has left everybody is rung who may be meant, and security hears its key without an address", async () => {
    await using bot = await start({ people: [...people, personAt(bob, ["yard"])], locations: { ...locations, pool } });
    await bot.press("hall");
    const card = await bot.expectCard("Gemeentehuis, Balie");
    await bot.fastForward(second);
    const rung = followRings(bot);
    rung();
    const { yard: left } = locations;
    expect(
      await bot.reload({
        locations: { yard: left, pool },
        people: [personAt(alice, ["pool"]), personAt(bob, ["yard"]), personAt(carol, null)],
        buttons: [buttons[1]],
      }),
    ).toMatchObject({ kind: "reloaded" });
    await bot.press("hall");
    await bot.fastForward(2 * second);
    // The yard has buttons of the same source; the pool has neither those nor the channel.
    expect(rung()).toEqual([bob.name, carol.name]);
    await bot.fastForward(minute);
    expect((await bot.desk.expectPage("unclaimed")).location).toMatchObject({ name: "town-hall", address: null });
    expect(bot.look(card).text).toContain("town-hall, Balie");
  });

  it("a button that has moved begins a round where somebody was at the old place, and does not wait for them", async () => {
    await using bot = await start({ people: [...people, personAt(bob, ["yard"])] });
    await bot.press("hall");
    const card = await bot.expectCard("Gemeentehuis, Balie");
    await bot.click(alice, card, "arrive");
    await bot.reload({ buttons: [{ ...buttons[0], location: "yard", place: "Kantine" }] });
    const rung = followRings(bot);
    rung();
    await bot.press("hall");
    await bot.fastForward(2 * second);
    expect(rung()).toEqual([bob.name]);
    await bot.fastForward(minute);
    const page = await bot.desk.expectPage("unclaimed");
    expect(page.location).toMatchObject({ name: "Stadswerf", address: yard.address });
    expect(bot.look(card).text).toContain("Stadswerf, Kantine");
  });
});

it("another name of a location is one as well, typed with an alarm and as an answer, and is shown nowhere", async () => {
  await using bot = await start({
    locations: { ...locations, "town-hall": { ...townHall, aliases: ["Raadhuis", "de oude school"] } },
    people: [...people, personAt(bob, ["yard"]), personAt(paul, ["town-hall", "yard"])],
  });
  const rung = followRings(bot);
  const answer = await bot.type(paul, "alarm balie raadhuis");
  expect(answer.text).toContain("Locatie: Gemeentehuis");
  await bot.expectCard("Gemeentehuis, balie");
  await bot.fastForward(2 * second);
  expect(rung()).toEqual([alice.name, carol.name]);
  await bot.type(paul, "stadswerf");
  await bot.type(paul, "ik ben in de oude school");
  const [incident] = await bot.read((reader) => reader.listOpen(10));
  expect(incident).toMatchObject({ location: "town-hall" });
  await bot.fastForward(minute);
  const page = await bot.desk.expectPage("unclaimed");
  expect((await bot.openGuardPage(page)).text).not.toMatch(/Raadhuis\b|oude school/);
});

it("who is on a visit is not where they said to be before: security hears no address any more", async () => {
  await using bot = await start({
    people: [...people, personAt(paul, ["town-hall"])],
    policies: { building: { ...ownChannel, repeatEvery: "2h" } },
  });
  await bot.type(paul, "alarm balie gemeentehuis");
  await bot.fastForward(minute);
  expect((await bot.desk.expectPage("unclaimed")).location).toMatchObject({ address: townHall.address });
  await bot.type(paul, "bezoek 5");
  await bot.fastForward(9 * minute + second);
  expect((await bot.desk.expectPage("update")).location).toMatchObject({ name: null, address: null });
  // Typed again, with a location, they are there.
  await bot.type(paul, "alarm gemeentehuis");
  await bot.fastForward(second);
  expect((await bot.desk.expectPage("update")).location).toMatchObject({ address: townHall.address });
});
