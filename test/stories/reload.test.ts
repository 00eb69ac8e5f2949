import { describe, expect, it } from "vitest";
import { nl } from "../dutch.ts";
import { startDesk } from "../fakes/desk.ts";
import {
  alice,
  type Bot,
  bob,
  building,
  carol,
  deskSecret,
  lea,
  minute,
  people,
  type Settings,
  second,
  sourceSecret,
  startBot,
  startWithAlarm,
} from "../harness.ts";

const newSecret = "Zt5Wc8Qn1Vx4Mb7Ks2Lj9Hg6Fd3Pr0Ye";

/** The people of a story, with Carol on duty as well. */
const withCarol = people.map((each) => (each.name === carol.name ? { ...each, onDuty: "always" } : each));

function rungNow(bot: Bot, from: number): string[] {
  return [...new Set(bot.teams.told.slice(from).map(({ to }) => to))].sort();
}

describe("the configuration is read again", () => {
  it("while an alarm is open: who is new is rung in its next round, and the round of before stays as it was", async () => {
    await using bot = await startWithAlarm();
    const before = bot.teams.told.length;
    expect(rungNow(bot, 0)).toEqual([alice.teamsId, bob.teamsId]);
    expect(await bot.reload({ people: withCarol })).toEqual({ kind: "reloaded", needsRestart: [] });
    await bot.fastForward(second);
    expect(bot.teams.told).toHaveLength(before);
    await bot.fastForward(30 * second);
    await bot.press("0042");
    expect(rungNow(bot, before)).toEqual([alice.teamsId, bob.teamsId, carol.teamsId].sort());
  });

  it("rule 6: an open alarm keeps the policy it began with, and the next one has the new one, from disk on", async () => {
    await using bot = await startWithAlarm();
    const steps = [
      { after: "0s", tell: "frontdesk" },
      { after: "10s", page: "desk" },
      { after: "120s", page: "phone" },
    ];
    await bot.reload({ policies: { building: { ...building, steps } } });
    const policies = await bot.read((reader) => reader.listOpen(9));
    await bot.press("0051");
    await bot.expectCard("Balie");
    const [later] = (await bot.read((reader) => reader.listOpen(9))).filter(({ place }) => place === "Balie");
    expect(later?.policy).not.toBe(policies[0]?.policy);
    expect(await bot.read((reader) => reader.loadPolicy(later?.policy ?? ""))).not.toBeNull();
    await bot.fastForward(10 * second);
    const page = await bot.desk.expectPage("unclaimed");
    expect(page.incident.place).toBe("Balie");
    await bot.fastForward(50 * second);
    expect((await bot.desk.expectPage("unclaimed")).incident.place).toBe("Spreekkamer 3");
  });

  it("with a button that is new, a place that has another name, a label and a location", async () => {
    await using bot = await startBot();
    const { buttons, sources } = bot.settings as { buttons: Settings[]; sources: { buttons: Settings } };
    await bot.reload({
      locations: { hall: { name: "Gemeentehuis" } },
      sources: { buttons: { ...sources.buttons, label: "de deurknoppen" } },
      buttons: [
        ...buttons.filter(({ id }) => id !== "0051"),
        { source: "buttons", id: "0077", place: "Kluis", location: "hall" },
      ],
    });
    await bot.press("0077");
    const card = await bot.expectCard("Kluis");
    expect(card.text).toContain("Gemeentehuis");
    await bot.press("0051");
    expect((await bot.expectCard("0051")).text).not.toContain("Balie");
    const { text } = await bot.type(alice, "status");
    expect(text).toContain("de deurknoppen");
  });

  it("with a wrong file changes nothing at all, and says all that is wrong without showing a secret", async () => {
    await using bot = await startBot();
    const { buttons } = bot.settings as { buttons: Settings[] };
    const answer = await bot.reload({
      people: withCarol,
      buttons: [...buttons, { source: "nowhere", id: "1" }],
      pagers: {
        ...(bot.settings.pagers as object),
        desk: { type: "webhook", url: bot.desk.url, secret: "kort-geheim" },
      },
    });
    expect(answer).toMatchObject({
      kind: "refused",
      problems: [expect.stringContaining("buttons[5].source"), expect.stringContaining("pagers.desk.secret")],
    });
    expect(JSON.stringify([answer, bot.lines])).not.toContain("kort-geheim");
    expect(bot.lines).toContainEqual(expect.objectContaining({ level: "error", event: "configuration-not-reloaded" }));
    await bot.press("0042");
    await bot.expectCard("Spreekkamer 3");
    expect(rungNow(bot, 0)).toEqual([alice.teamsId, bob.teamsId]);
  });

  it("with another source, channel or pager changes nothing either, and names them", async () => {
    await using bot = await startBot();
    const source = { type: "webhook", secret: sourceSecret, policy: "building", channel: "frontdesk" };
    const { sources, channels, pagers } = bot.settings as Record<string, Record<string, Settings>>;
    const answer = await bot.reload({
      people: withCarol,
      sources: { ...sources, door: source },
      channels: { ...channels, hall: {} },
      pagers: { ...pagers, third: { type: "webhook", url: bot.desk.url, secret: deskSecret } },
    });
    expect(answer).toEqual({ kind: "restart-needed", problems: ["channels.hall", "sources.door", "pagers.third"] });
    await bot.press("0042");
    await bot.expectCard("Spreekkamer 3");
    expect(rungNow(bot, 0)).toEqual([alice.teamsId, bob.teamsId]);
  });

  it("with what needs a restart goes by the rest, and says which settings stay as they were", async () => {
    await using bot = await startBot();
    // It is Tuesday, 10:00 on the wall here.
    const onDuty = people.map((each) => (each.name === carol.name ? { ...each, onDuty: "tue 09:00-11:00" } : each));
    const elsewhere = { language: "en", organisation: "Elders", timezone: "America/New_York" };
    expect(await bot.reload({ people: onDuty, ...elsewhere })).toEqual({
      kind: "reloaded",
      needsRestart: ["organisation", "language", "timezone"],
    });
    await bot.press("0042");
    await bot.expectCard(nl.card.headline.open);
    expect(rungNow(bot, 0)).toContain(carol.teamsId);
  });

  it("while the disk takes nothing changes nothing: an incident finds its policy on disk", async () => {
    await using bot = await startBot();
    {
      using _held = bot.holdDisk();
      expect(await bot.reload({ people: withCarol })).toEqual({ kind: "not-stored", problems: [] });
    }
    await bot.press("0042");
    await bot.expectCard("Spreekkamer 3");
    expect(rungNow(bot, 0)).toEqual([alice.teamsId, bob.teamsId]);
    expect(await bot.reload({ people: withCarol })).toMatchObject({ kind: "reloaded" });
  });
});

describe("a secret that changes while the doors are open", () => {
  it("is that of a pager with the next page", async () => {
    await using bot = await startWithAlarm();
    await using other = await startDesk({ secret: newSecret, now: () => bot.clock.wall() });
    const { pagers } = bot.settings as { pagers: { desk: Settings } };
    const desk = { ...pagers.desk, url: other.url, secret: newSecret };
    expect(await bot.reload({ pagers: { ...pagers, desk } })).toEqual({ kind: "reloaded", needsRestart: [] });
    await bot.fastForward(minute);
    await other.expectPage("unclaimed");
    expect(other.forged).toBe(0);
    bot.desk.expectNothing();
  });
});

it("the roles of people are those of now: who leads may link from then on", async () => {
  await using bot = await startBot({ settings: { people: people.filter(({ name }) => name !== lea.name) } });
  await bot.reload({ people });
  expect((await bot.type(lea, "status")).text).not.toBe("");
  expect(bot.lines).toContainEqual(expect.objectContaining({ event: "configuration-reloaded" }));
});
