import { expect, it } from "vitest";
import { line, nl } from "../dutch.ts";
import {
  alice,
  backOffice,
  carol,
  minute,
  paul,
  type Settings,
  second,
  sourceSecret,
  startBot,
  startWithAlarm,
} from "../harness.ts";

const source = { type: "webhook", secret: sourceSecret, policy: "building", channel: "frontdesk" };
const wornBy = (id: string, holder?: string, source = "buttons"): Settings => ({
  source,
  id,
  place: "Spreekkamer 3",
  ...(holder === undefined ? {} : { holder }),
});

it("rule 4: another button at the same place joins and verifies", async () => {
  await using bot = await startWithAlarm();
  const { incident } = bot.card;
  expect(await bot.press("0044")).toMatchObject({ status: 202, outcome: "verified", incident });
  await bot.fastForward(second);
  bot.expectNoCard();
  expect(bot.card.text).toContain(nl.terms.verification["second-button"]);
  await bot.fastForward(minute);
  expect((await bot.desk.expectPage("unclaimed")).incident.verification).toBe("second-button");
});

it("rule 4: two buttons of two people who are both known are a second person", async () => {
  await using bot = await startWithAlarm();
  const { incident } = bot.card;
  expect(await bot.press("0043")).toMatchObject({ outcome: "verified", incident });
  await bot.fastForward(second);
  expect(bot.card.text).toContain(nl.terms.verification["second-person"]);
  await bot.fastForward(minute);
  expect((await bot.desk.expectPage("unclaimed")).incident.verification).toBe("second-person");
});

it.each([
  ["the same holder on both", [wornBy("1", paul.name), wornBy("2", paul.name)]],
  ["no holder on the first", [wornBy("1"), wornBy("2", paul.name)]],
  ["no holder on the second", [wornBy("1", paul.name), wornBy("2")]],
])("rule 4: %s is a second button, not a second person", async (_case, buttons) => {
  await using bot = await startBot({ settings: { buttons } });
  await bot.press("1");
  expect((await bot.press("2")).outcome).toBe("verified");
  await bot.fastForward(minute);
  expect((await bot.desk.expectPage("unclaimed")).incident.verification).toBe("second-button");
});

it("rule 4: a third button lowers nothing, and raises it where it is of somebody else", async () => {
  await using bot = await startBot();
  await bot.press("0044");
  await bot.press("0042");
  expect((await bot.press("0043")).outcome).toBe("verified");
  await bot.press("0044");
  await bot.fastForward(minute);
  expect((await bot.desk.expectPage("unclaimed")).incident.verification).toBe("second-person");
});

it("rule 4: the same button twice verifies nothing", async () => {
  await using bot = await startBot();
  await bot.press("0042");
  expect((await bot.press("0042")).outcome).toBe("repeated");
  await bot.fastForward(minute);
  expect((await bot.desk.expectPage("unclaimed")).incident.verification).toBe("none");
});

it("rule 4: who wears the second button needs help too: no longer coming, and not asked to click", async () => {
  await using bot = await startWithAlarm();
  await bot.click(carol, bot.card, "claim");
  await bot.fastForward(second);
  expect(bot.card.text).toContain(line("coming", carol));
  await bot.press("0043");
  await bot.fastForward(second);
  expect(bot.card.text).not.toContain(line("coming", carol));
  expect((await bot.click(carol, bot.card, "claim")).text).toContain(nl.refusal.presser);
  await bot.fastForward(minute);
  await bot.desk.expectPage("unclaimed");
});

it("rule 4: a button of another source at the same configured place joins and verifies", async () => {
  const buttons = [wornBy("1"), wornBy("1", undefined, "panel")];
  await using bot = await startBot({ settings: { sources: { buttons: source, panel: { ...source } }, buttons } });
  const { incident } = await bot.press("1");
  expect(await bot.press("1", {}, "panel")).toMatchObject({ outcome: "verified", incident });
});

it("rule 3: the same place in another channel is another incident", async () => {
  const buttons = [wornBy("1"), wornBy("1", undefined, "panel")];
  const sources = { buttons: source, panel: { ...source, channel: "back-office", policy: "other" } };
  const steps = [
    { after: "0s", tell: "back-office" },
    { after: "60s", page: "phone" },
  ];
  const building = {
    repeatEvery: "3m",
    steps: [
      { after: "0s", tell: "frontdesk" },
      { after: "60s", page: "desk" },
    ],
  };
  const policies = { building, other: { repeatEvery: "3m", steps } };
  await using bot = await startBot({ settings: { sources, buttons, policies } });
  const first = await bot.press("1");
  const other = await bot.press("1", {}, "panel");
  expect(other).toMatchObject({ status: 202, outcome: "opened" });
  expect(other.incident).not.toBe(first.incident);
  await bot.expectCard("Spreekkamer 3");
  expect((await bot.expectCard("Spreekkamer 3")).posted.conversation).toBe(backOffice);
});

it("rule 4: a place that only the alarm names joins nothing, not even a configured place of that name", async () => {
  await using bot = await startBot();
  const first = await bot.press("0042");
  const unknown = await bot.press("9999", { place: "Spreekkamer 3" });
  expect(unknown).toMatchObject({ status: 202, outcome: "opened" });
  expect(unknown.incident).not.toBe(first.incident);
  const other = await bot.press("9998", { place: "Spreekkamer 3" });
  expect(other).toMatchObject({ status: 202, outcome: "opened" });
  expect(bot.teams.cards).toHaveLength(3);
  await bot.fastForward(minute);
  expect(bot.desk.pages.map((page) => page.incident.verification)).toEqual(["none", "none", "none"]);
});

it("rule 4: field buttons with the same words for a place join nothing", async () => {
  const field = (id: string) => ({ source: "buttons", id, place: "Buitendienst", fixed: false });
  await using bot = await startBot({ settings: { buttons: [field("1"), field("2")] } });
  expect((await bot.press("1")).outcome).toBe("opened");
  expect((await bot.press("2")).outcome).toBe("opened");
  expect((await bot.press("1")).outcome).toBe("repeated");
  expect(bot.teams.cards).toHaveLength(2);
});

it("rule 5: an unknown button opens with the place the alarm names", async () => {
  await using bot = await startBot();
  expect(await bot.press("9999", { place: "Kelder, links" })).toMatchObject({ status: 202, outcome: "opened" });
  const card = await bot.expectCard("Kelder, links");
  expect((await bot.click(alice, card, "claim")).text).toContain(line("coming", alice));
  expect((await bot.press("9999")).outcome).toBe("repeated");
});

it("rule 5: an unknown button without a place opens with “place unknown”, and is paged like any other", async () => {
  await using bot = await startBot();
  expect(await bot.press("9999")).toMatchObject({ status: 202, outcome: "opened" });
  await bot.expectCard(nl.terms.placeUnknown);
  await bot.fastForward(minute);
  expect((await bot.desk.expectPage("unclaimed")).incident.place).toBeNull();
});

it("rule 5: the configuration's place counts, not the one a known button's alarm names", async () => {
  await using bot = await startBot();
  await bot.press("0051", { place: "Kelder" });
  expect((await bot.expectCard("Balie")).text).not.toContain("Kelder");
});
