import { describe, expect, it } from "vitest";
import { nl, shown } from "../dutch.ts";
import { alice, type Bot, bob, carol, hour, minute, paul, second, startBot } from "../harness.ts";

interface Change {
  readonly name: string;
  /** The first moment of the new time. */
  readonly at: string;
  readonly opened: readonly [date: string, clock: string];
  /** What the clock on the wall shows 30 seconds after the change, and 20 minutes later. */
  readonly soon: string;
  readonly later: string;
}

const changes: Change[] = [
  {
    name: "29 March 2026, an hour is skipped",
    at: "2026-03-29T01:00:00Z",
    opened: ["29-03-2026", "01:58:30"],
    soon: "03:00:30",
    later: "03:15:00",
  },
  {
    name: "25 October 2026, an hour comes twice",
    at: "2026-10-25T01:00:00Z",
    opened: ["25-10-2026", "02:58:30"],
    soon: "02:00:30",
    later: "02:15:00",
  },
  {
    name: "28 March 2027, an hour is skipped",
    at: "2027-03-28T01:00:00Z",
    opened: ["28-03-2027", "01:58:30"],
    soon: "03:00:30",
    later: "03:15:00",
  },
];

/** Starts so long before the change. */
function startBefore({ at }: Change, ms: number, people?: unknown): Promise<Bot> {
  const startAt = new Date(Date.parse(at) - ms).toISOString();
  return startBot({ startAt, ...(people === undefined ? {} : { settings: { people } }) });
}

describe.each(changes)("$name", (change) => {
  it("pages at their moments, once, and the card names the time that the wall will show", async () => {
    await using bot = await startBefore(change, 90 * second);
    await bot.press("0042");
    const card = await bot.expectCard(nl.card.footer.button(1, ...change.opened, "0042", "buttons"));
    await bot.fastForward(minute - 1);
    bot.desk.expectNothing();
    await bot.fastForward(1);
    await bot.desk.expectPage("unclaimed");
    await bot.fastForward(second);
    expect(bot.look(card).text).toContain(shown(nl.card.ask.nextPage(change.soon)));
    await bot.fastForward(59 * second - 1);
    bot.phone.expectNothing();
    await bot.fastForward(1);
    await bot.phone.expectPage("unclaimed");
    expect(bot.look(card).thread).toContainEqual(
      expect.stringContaining(`${nl.thread.pageQueued("phone", nl.thread.why["nobody-coming"])} (${change.soon})`),
    );
    for (let round = 2; round <= 23; round += 1) {
      await bot.fastForward(3 * minute - 1);
      bot.desk.expectNothing();
      bot.phone.expectNothing();
      await bot.fastForward(1);
      await bot.desk.expectPage("repeat");
      await bot.phone.expectPage("repeat");
    }
    await bot.restartAndExpectNothingElse();
  });

  it("a claim, a guard's promise and the question to who is there last as long as on any other day", async () => {
    await using bot = await startBefore(change, minute);
    for (const button of ["0042", "0051", "0060"]) await bot.press(button);
    const claimed = await bot.expectCard("Spreekkamer 3");
    await bot.expectCard("Balie");
    const there = await bot.expectCard("Buitendienst");
    await bot.click(alice, claimed, "claim");
    await bot.click(bob, there, "arrive");
    await bot.fastForward(minute);
    // Exactly the change: the guard promises now.
    expect(new Date(bot.clock.now()).toISOString()).toBe(new Date(change.at).toISOString());
    await bot.answer(await bot.desk.expectPage("unclaimed"), "accept");
    await bot.fastForward(minute - 1);
    bot.desk.expectNothing();
    await bot.fastForward(1);
    await bot.desk.expectPage("lapsed");
    await bot.phone.expectPage("lapsed");
    await bot.click(carol, claimed, "arrive");
    await bot.desk.expectPage("update");
    await bot.phone.expectPage("update");

    await bot.fastForward(8 * minute + second);
    expect(bot.look(there).text).toContain(nl.card.headline.check);
    await bot.click(bob, there, "check-in");
    await bot.click(carol, claimed, "resolve", "false");
    await bot.desk.expectPage("call-off");
    await bot.phone.expectPage("call-off");
    await bot.fastForward(6 * minute - second - 1);
    bot.phone.expectNothing();
    await bot.fastForward(1);
    expect(await bot.phone.expectPage("lapsed")).toMatchObject({ incident: { place: "Balie" } });
    await bot.fastForward(second);
    const edited = bot.teams.edits.findLast(({ body }) => body.text !== undefined);
    expect(edited?.body.text).toContain(`(${change.later})`);
    await bot.restartAndExpectNothingElse();
  });

  it("a process that was down over it catches up once", async () => {
    await using bot = await startBefore(change, 10 * second);
    await bot.press("0042");
    await bot.stop();
    bot.clock.to(Date.parse(change.at) + 50 * second - 1);
    await bot.start();
    bot.desk.expectNothing();
    await bot.fastForward(1);
    await bot.desk.expectPage("unclaimed");
    await bot.expectCard("Spreekkamer 3");
    await bot.restartAndExpectNothingElse();
  });
});

describe("who is on duty", () => {
  const roster = [
    { name: alice.name, id: alice.aadObjectId, onDuty: "sun 00:00-02:00" },
    { name: bob.name, id: bob.aadObjectId, onDuty: "sun 02:00-03:00" },
    { name: carol.name, id: carol.aadObjectId, onDuty: "sun 03:00-08:00" },
    { name: paul.name, id: paul.aadObjectId, onDuty: "never" },
  ];
  const [march, october, nextMarch] = changes as [Change, Change, Change];

  /** Who is messaged for a press at each of these moments before (negative) or after the change. */
  async function calledAt(change: Change, moments: readonly number[]): Promise<string[]> {
    await using bot = await startBefore(change, 3 * hour, roster);
    const called: string[] = [];
    for (const [index, moment] of moments.entries()) {
      await bot.stop();
      bot.clock.to(Date.parse(change.at) + moment);
      await bot.start();
      const before = bot.teams.told.length;
      await bot.press(`field-${index}`);
      const names = bot.teams.told.slice(before).filter(({ body }) => body.text?.includes(nl.card.headline.open));
      called.push(names.map(({ to }) => [alice, bob, carol].find(({ teamsId }) => teamsId === to)?.name).join());
    }
    return called;
  }

  it.each([march, nextMarch])("$name: the hour from two to three is nobody's", async (change) => {
    const called = await calledAt(change, [-hour, -1, 0, hour]);
    expect(called).toEqual([alice.name, alice.name, carol.name, carol.name]);
  });

  it(`${october.name}: the hour from two to three counts twice`, async () => {
    const called = await calledAt(october, [-hour - 1, -hour, -1, 0, hour - 1, hour]);
    expect(called).toEqual([alice.name, bob.name, bob.name, bob.name, bob.name, carol.name]);
  });

  it(`${march.name}: with only that hour on the roster nobody is on duty, and it pages at once`, async () => {
    await using bot = await startBefore(march, 30 * second, [roster[1], roster[3]]);
    await bot.press("0042");
    await bot.desk.expectPage("nobody-on-duty");
    await bot.fastForward(minute);
    await bot.press("0051");
    await bot.desk.expectPage("nobody-on-duty");
  });

  it(`${october.name}: an incident rings the same people in both hours, and the next ones after them`, async () => {
    await using bot = await startBefore(october, 5 * minute, roster);
    await bot.press("0042");
    await bot.fastForward(70 * minute);
    const called = bot.teams.told.map(({ to }) => to);
    expect(new Set(called)).toEqual(new Set([bob.teamsId, carol.teamsId]));
    expect(called.lastIndexOf(bob.teamsId)).toBeLessThan(called.indexOf(carol.teamsId));
    bot.desk.ignoreRest();
    bot.phone.ignoreRest();
    await bot.expectCard("Spreekkamer 3");
    await bot.restartAndExpectNothingElse();
  });
});
