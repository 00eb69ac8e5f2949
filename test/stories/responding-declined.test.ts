import { expect, it } from "vitest";
import { lastWord, line, nl } from "../dutch.ts";
import {
  alice,
  bob,
  building,
  carol,
  minute,
  paul,
  people,
  type Settings,
  sam,
  second,
  startBot,
  startWithAlarm,
} from "../harness.ts";

/** Alice, and after her the others of the roster, with these duties. */
function onDuty(...duties: string[]): Settings {
  return { people: people.map((person, index) => ({ ...person, onDuty: duties[index] ?? "never" })) };
}

it("rule 9: when everyone on duty declined, security is paged at once, and only once", async () => {
  await using bot = await startWithAlarm();
  await bot.fastForward(5 * second);
  expect((await bot.click(alice, bot.card, "decline")).text).toContain(line("declined", alice));
  bot.desk.expectNothing();
  await bot.click(bob, bot.card, "decline");
  await bot.desk.expectPage("declined");
  bot.phone.expectNothing();
  await bot.fastForward(2 * second);
  expect(bot.card.text).toContain(line("declined", alice, bob));
  expect(bot.card.thread.join("\n")).toContain(nl.thread.allDeclined);
  // Declining again pages nobody; the next step keeps its own moment.
  await bot.click(bob, bot.card, "decline");
  await bot.fastForward(113 * second - 1);
  bot.desk.expectNothing();
  bot.phone.expectNothing();
  await bot.fastForward(1);
  await bot.phone.expectPage();
});

it("rule 9: “I can't” also takes a claim back", async () => {
  await using bot = await startWithAlarm();
  await bot.click(alice, bot.card, "claim");
  await bot.click(bob, bot.card, "decline");
  bot.desk.expectNothing();
  await bot.click(alice, bot.card, "decline");
  await bot.desk.expectPage("declined");
  await bot.fastForward(second);
  expect(bot.card.text).not.toContain(line("coming", alice));
});

it("rule 9: who declined may claim after all", async () => {
  await using bot = await startWithAlarm();
  await bot.click(alice, bot.card, "decline");
  expect((await bot.click(alice, bot.card, "claim")).text).toContain(nl.card.headline.coming(1));
  await bot.click(bob, bot.card, "decline");
  await bot.fastForward(minute);
  bot.desk.expectNothing();
});

it("rule 9: who is not on duty is not waited for, and does not stand in the way either", async () => {
  await using bot = await startWithAlarm();
  await bot.click(carol, bot.card, "decline");
  await bot.click(sam, bot.card, "decline");
  await bot.click(alice, bot.card, "decline");
  bot.desk.expectNothing();
  await bot.click(sam, bot.card, "claim");
  await bot.click(bob, bot.card, "decline");
  await bot.desk.expectPage("declined");
});

it("rule 9: the next step is due when the first was sent before everyone declined", async () => {
  const steps = [building.steps[0], { after: "60s", page: "desk" }, { after: "300s", page: "phone" }];
  await using bot = await startWithAlarm({ policy: { steps } });
  await bot.fastForward(minute);
  await bot.desk.expectPage("unclaimed");
  await bot.click(alice, bot.card, "decline");
  bot.phone.expectNothing();
  await bot.click(bob, bot.card, "decline");
  await bot.phone.expectPage("declined");
  bot.desk.expectNothing();
});

it("rule 9: a roster with nobody on duty pages at once and says so; the card is posted all the same", async () => {
  await using bot = await startBot({ settings: onDuty() });
  await bot.press("0042");
  const card = await bot.expectCard(nl.card.remark.nobodyOnDuty);
  await bot.desk.expectPage("nobody-on-duty");
  bot.phone.expectNothing();
  await bot.fastForward(2 * second);
  expect(bot.look(card).thread.join("\n")).toContain(nl.thread.nobodyOnDuty);
  expect(bot.teams.told).toEqual([]);
  expect((await bot.click(sam, card, "claim")).text).toContain(line("coming", sam));
});

it("rule 9: an empty roster is a roster of nobody", async () => {
  await using bot = await startBot({ settings: { people: [] } });
  await bot.press("0051");
  await bot.expectCard(nl.card.remark.nobodyOnDuty);
  await bot.desk.expectPage("nobody-on-duty");
});

it("rule 9: with only the presser on duty nobody is", async () => {
  await using bot = await startBot({ settings: onDuty("never", "never", "never", "always") });
  await bot.press("0042");
  await bot.expectCard(nl.card.remark.nobodyOnDuty);
  await bot.desk.expectPage("nobody-on-duty");
});

it("rule 9: without a roster the channel is it: nobody can be missing, and no decline is the last", async () => {
  await using bot = await startBot({ settings: { people: undefined } });
  await bot.press("0044");
  const card = await bot.expectCard("Spreekkamer 3");
  expect(card.text).not.toContain(lastWord(nl.card.remark.nobodyOnDuty));
  for (const who of [alice, bob, carol, paul, sam]) await bot.click(who, card, "decline");
  await bot.fastForward(minute - 1);
  bot.desk.expectNothing();
  await bot.fastForward(1);
  await bot.desk.expectPage("unclaimed");
});

it.each([
  // 24 November 2026 is a Tuesday; Amsterdam is an hour ahead of UTC then.
  ["at night", "2026-11-24T22:00:00Z", false],
  ["a minute before the morning", "2026-11-24T06:59:59.999Z", false],
  ["on the minute the day begins", "2026-11-24T07:00:00Z", true],
  ["in the last minute of the day", "2026-11-24T16:29:59.999Z", true],
  ["on the minute the day ends", "2026-11-24T16:30:00Z", false],
  ["on Saturday", "2026-11-28T11:00:00Z", false],
  ["on a summer morning", "2026-07-07T06:00:00Z", true],
  ["before a summer morning", "2026-07-07T05:59:00Z", false],
])("rule 9: who is on duty goes by the clock on the wall: %s", async (_when, startAt, isOnDuty) => {
  await using bot = await startWithAlarm({ startAt, settings: onDuty("mon-fri 08:00-17:30") });
  expect(bot.teams.told.map((message) => message.to)).toEqual(isOnDuty ? [alice.teamsId] : []);
  expect(bot.card.text.includes(nl.card.remark.nobodyOnDuty)).toBe(!isOnDuty);
  if (isOnDuty) bot.desk.expectNothing();
  else await bot.desk.expectPage("nobody-on-duty");
});

it("rule 9: a new round asks who is on duty by then", async () => {
  const settings = onDuty("mon-fri 08:00-17:30", "mon-fri 17:30-23:00");
  await using bot = await startWithAlarm({ startAt: "2026-11-24T16:25:00Z", settings });
  await bot.click(carol, bot.card, "arrive");
  await bot.fastForward(6 * minute);
  await bot.press("0042");
  await bot.fastForward(2 * second);
  expect(bot.teams.told.map((message) => message.to)).toEqual([alice.teamsId, bob.teamsId]);
  await bot.click(alice, bot.card, "decline");
  bot.desk.expectNothing();
  await bot.click(bob, bot.card, "decline");
  await bot.desk.expectPage("declined");
});

it("rule 9: who wears the second button can't be waited for: everyone else declined, so security is paged", async () => {
  await using bot = await startWithAlarm({ settings: onDuty("always", "always", "always") });
  await bot.click(alice, bot.card, "decline");
  await bot.press("0043");
  bot.desk.expectNothing();
  await bot.click(bob, bot.card, "decline");
  await bot.desk.expectPage("declined");
});

it("rule 9: the last one on duty who did not decline presses a button too: security is paged", async () => {
  await using bot = await startBot({ settings: onDuty("always", "never", "always") });
  await bot.press("0042");
  await bot.click(alice, await bot.expectCard("Spreekkamer 3"), "decline");
  bot.desk.expectNothing();
  await bot.press("0043");
  await bot.desk.expectPage("declined");
});

it("rule 9: a new round with nobody on duty by then pages at once", async () => {
  await using bot = await startWithAlarm({ startAt: "2026-11-24T16:25:00Z", settings: onDuty("mon-fri 08:00-17:30") });
  await bot.click(carol, bot.card, "arrive");
  await bot.fastForward(6 * minute);
  bot.desk.expectNothing();
  await bot.press("0042");
  await bot.desk.expectPage("nobody-on-duty");
  await bot.fastForward(2 * second);
  expect(bot.card.text).toContain(nl.card.remark.nobodyOnDuty);
});
