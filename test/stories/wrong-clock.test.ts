import { describe, expect, it } from "vitest";
import { changeDatabase, pagesOf, zeroPage } from "../damage.ts";
import { nl, says, shown } from "../dutch.ts";
import {
  alice,
  type Bot,
  frontdesk,
  hour,
  lea,
  minute,
  paul,
  second,
  sourceSecret,
  startBot,
  startWithAlarm,
} from "../harness.ts";
import { PostgresStorage } from "../storage/postgres/postgres-storage.ts";

const day = 24 * hour;
const metricsToken = "een-lang-geheim-voor-de-cijfers";
const sources = {
  buttons: { type: "webhook", secret: sourceSecret, policy: "building", channel: "frontdesk" },
  chat: { type: "teams", policy: "building", channel: "frontdesk" },
};

/** Stops, has the machine's clock set by so much, and starts again at once. */
async function restartAfter(bot: Bot, stepMs: number): Promise<void> {
  await bot.stop();
  bot.clock.set(bot.clock.now() + stepMs);
  await bot.start();
}

async function clockTroublesOf(bot: Bot) {
  return (await bot.troubles()).filter(({ kind }) => kind.startsWith("clock-"));
}

async function isTroubled(bot: Bot): Promise<boolean> {
  return (await clockTroublesOf(bot)).length > 0;
}

function warningsOf(bot: Bot): string[] {
  return bot.lines.filter(({ level, event }) => level !== "info" && /clock/.test(event)).map(({ event }) => event);
}

describe("a start with the machine's clock behind by 10 minutes at most", () => {
  it.each([40 * second, 4 * minute])("by %i ms: each page goes at its moment", async (behindMs) => {
    await using bot = await startWithAlarm();
    await bot.fastForward(50 * second);
    await restartAfter(bot, -behindMs);
    await bot.fastForward(10 * second - 1);
    bot.desk.expectNothing();
    await bot.fastForward(1);
    await bot.desk.expectPage("unclaimed");
    await bot.fastForward(minute);
    await bot.phone.expectPage("unclaimed");
    await bot.fastForward(second);
    expect(bot.card.text).toContain(shown(nl.card.headline.delivered));
    expect(warningsOf(bot)).toEqual(["clock-somewhat-behind"]);
    expect(await isTroubled(bot)).toBe(false);
    await bot.restartAndExpectNothingElse();
  });

  it("makes up for 10 minutes, and for no more", async () => {
    await using bot = await startWithAlarm();
    const at = bot.clock.now();
    await restartAfter(bot, -10 * minute);
    expect(bot.clock.now()).toBe(at);
    expect(bot.clock.wall()).toBe(at - 10 * minute);
    await restartAfter(bot, -10 * minute - 1);
    expect(bot.clock.now()).toBe(at - 10 * minute - 1);
  });

  it("goes on from what was last noted, when it could note nothing at its end", async () => {
    await using bot = await startWithAlarm();
    await bot.fastForward(53 * second);
    const notedAt = await bot.read((reader) => reader.loadSetting("clock", "now"));
    expect(bot.clock.now() - Number(notedAt)).toBeLessThanOrEqual(5 * second);
    {
      using _held = bot.holdDisk();
      await bot.stop();
    }
    bot.clock.set(bot.clock.now() - 40 * second);
    await bot.start();
    // As late as the last note was old, and no later.
    await bot.fastForward(7 * second + 5 * second);
    await bot.desk.expectPage("unclaimed");
  });

  it("knows by the history of what is open, when an older version had noted nothing", async () => {
    await using bot = await startWithAlarm();
    await bot.fastForward(30 * second);
    await bot.click(alice, bot.card, "decline");
    await bot.stop();
    changeDatabase(`${bot.folder}/rugdekking.db`, "delete from settings where subject = 'clock'");
    bot.clock.set(bot.clock.now() - 4 * minute);
    await bot.start();
    await bot.fastForward(30 * second - 1);
    bot.desk.expectNothing();
    await bot.fastForward(1);
    await bot.desk.expectPage("unclaimed");
  });

  it("writes nothing of time while nothing waits", async () => {
    await using bot = await startBot();
    await bot.fastForward(minute);
    expect(await bot.read((reader) => reader.loadSetting("clock", "now"))).toBeNull();
  });
});

describe("a start with the machine's clock behind by more", () => {
  it.each([10 * minute + 1, hour, day, 400 * day])(
    "by %i ms: what waits is due now, and it is said",
    async (behindMs) => {
      await using bot = await startWithAlarm({ settings: { metricsToken } });
      await bot.fastForward(30 * second);
      await restartAfter(bot, -behindMs);
      await bot.desk.expectPage("unclaimed");
      bot.phone.expectNothing();
      await bot.fastForward(minute);
      await bot.phone.expectPage("unclaimed");
      expect((await bot.click(alice, bot.card, "claim")).status).toBe(200);
      await bot.fastForward(2 * second);
      expect(bot.card.text).toContain(shown(nl.card.headline.coming(1)));
      await bot.desk.expectPage("update");
      await bot.phone.expectPage("update");

      expect(warningsOf(bot)).toEqual(["clock-behind"]);
      expect(await isTroubled(bot)).toBe(true);
      const { text } = await bot.type(alice, "status");
      expect(text).toContain(shown(nl.trouble.clockList(1)));
      expect(await bot.app.reportTroubles()).toBeGreaterThan(0);
      await bot.settle();
      bot.expectNotice(frontdesk, nl.trouble.count["clock-behind"]());
      const metrics = await fetch(`${bot.url}/metrics`, { headers: { authorization: `Bearer ${metricsToken}` } });
      expect(await metrics.text()).toContain('rugdekking_troubles{kind="clock-behind"} 1');

      // The next start finds nothing ahead any more.
      await bot.restart();
      expect(await isTroubled(bot)).toBe(false);
      await bot.restartAndExpectNothingElse();
    },
  );

  it("a clock that was a day ahead and is right again: repeats go on, and none is a day away", async () => {
    await using bot = await startWithAlarm();
    await bot.fastForward(30 * second);
    await restartAfter(bot, day);
    await bot.desk.expectPage("unclaimed");
    await bot.phone.expectPage("unclaimed");
    await bot.fastForward(minute);
    await restartAfter(bot, -day);
    await bot.desk.expectPage("repeat");
    await bot.phone.expectPage("repeat");
    await bot.fastForward(3 * minute - 1);
    bot.desk.expectNothing();
    await bot.fastForward(1);
    await bot.desk.expectPage("repeat");
    await bot.phone.expectPage("repeat");
    await bot.restart();
    expect(await isTroubled(bot)).toBe(false);
    await bot.restartAndExpectNothingElse();
  });

  it("a card that waits for its next try is posted now", async () => {
    await using bot = await startBot();
    bot.teams.fail("card", { kind: "status", status: 503 });
    await bot.press("0042");
    await bot.fastForward(9 * second);
    bot.teams.fail("card", null);
    await restartAfter(bot, -day);
    await bot.expectCard("Spreekkamer 3");
    await bot.desk.expectPage();
    bot.phone.expectNothing();
  });

  it("a visit is asked about at once, and becomes a press as any other", async () => {
    await using bot = await startBot({ settings: { sources } });
    await bot.type(paul, "bezoek 30");
    await bot.fastForward(minute);
    await restartAfter(bot, -day);
    const asked = bot.saidTo(paul)?.text ?? "";
    expect(asked).toContain(says(nl.visit.ask("10:03:00")).split("\n")[0]);
    await bot.fastForward(4 * minute);
    await bot.expectCard("Paul Drager");
  });

  it("a test of the routes ends at once, with what is known", async () => {
    await using bot = await startBot();
    await bot.type(lea, "test", frontdesk);
    await bot.expectCard(nl.routeTest.running);
    await bot.desk.expectPage("test");
    await bot.phone.expectPage("test");
    await restartAfter(bot, -day);
    await bot.fastForward(second);
    bot.expectNotice(frontdesk, nl.routeTest.notAllAnswered);
  });

  it("a message that came under a clock that was ahead is the same one for a day, and then a press", async () => {
    await using bot = await startBot();
    await bot.stop();
    bot.clock.set(bot.clock.now() + 400 * day);
    await bot.start();
    await bot.press("0042", { id: "druk" });
    const card = await bot.expectCard("Spreekkamer 3");
    await bot.click(lea, card, "resolve", "test");
    await restartAfter(bot, -400 * day);
    expect(await bot.press("0042", { id: "druk" })).toMatchObject({ outcome: "duplicate" });
    await bot.stop();
    bot.clock.set(bot.clock.now() + day);
    await bot.start();
    expect(await bot.press("0042", { id: "druk" })).toMatchObject({ outcome: "opened" });
    await bot.expectCard("Spreekkamer 3");
  });

  it.each(["history", "alarms"])("pages all the same, from memory, when %s can't be read", async (name) => {
    await using bot = await startWithAlarm();
    await bot.fastForward(30 * second);
    await bot.stop();
    const path = `${bot.folder}/rugdekking.db`;
    for (const page of pagesOf(path, name)) zeroPage(path, page);
    bot.clock.set(bot.clock.now() - day);
    await bot.start();
    expect((await bot.desk.expectPage()).incident.id).toBe(bot.card.incident);
  });
});

it("a start on which one alarm can't be recorded writes no line a second for each other one that is open", async () => {
  await using bot = await startWithAlarm();
  const { incident } = await bot.press("0051");
  await bot.stop();
  changeDatabase(
    `${bot.folder}/rugdekking.db`,
    `create trigger stuck before update on incidents when new.id = '${incident}' begin select raise(abort, 'stuck'); end`,
  );
  bot.clock.set(bot.clock.now() - hour);
  await bot.start();
  await bot.fastForward(30 * second);
  expect(bot.lines.filter(({ event }) => event === "deadline-not-handled").length).toBeGreaterThan(20);
  const told = bot.lines.filter(({ event, facts }) => event === "handled" && facts.incident === bot.card.incident);
  expect(told.length).toBeLessThan(5);
  bot.desk.ignoreRest();
  bot.phone.ignoreRest();
});

describe("with a database server, time is the server's", () => {
  it("a start goes by it: what fell due by its clock goes out, whatever this machine's says", async () => {
    let aheadMs = 0;
    await using bot = await startBot({ databaseAheadMs: () => aheadMs });
    await bot.press("0042");
    await bot.expectCard("Spreekkamer 3");
    await bot.fastForward(2 * second);
    await bot.stop();
    aheadMs = 5 * minute;
    await bot.start();
    await bot.desk.expectPage("unclaimed");
    expect(warningsOf(bot)).toEqual(["clock-set"]);
    expect(await clockTroublesOf(bot)).toEqual([]);
  });

  it("a clock that is far off is told, and in words", async () => {
    await using bot = await startBot({ databaseAheadMs: () => -2 * hour });
    expect(await clockTroublesOf(bot)).toMatchObject([{ kind: "clock-differs", apartMs: 2 * hour }]);
    await bot.app.reportTroubles();
    await bot.settle();
    bot.expectNotice(frontdesk, nl.trouble.count["clock-differs"]());
  });

  it("a server that is 4 minutes behind what it has stored: each page goes at its moment", async () => {
    let aheadMs = 0;
    const storage = await PostgresStorage.start("18");
    await using bot = await startWithAlarm({ storage, databaseAheadMs: () => aheadMs });
    await bot.fastForward(50 * second);
    await bot.stop();
    aheadMs = -4 * minute;
    await bot.start();
    await bot.fastForward(10 * second - 1);
    bot.desk.expectNothing();
    await bot.fastForward(1);
    await bot.desk.expectPage("unclaimed");
    expect(new Set(warningsOf(bot))).toEqual(new Set(["clock-set", "clock-somewhat-behind"]));
    expect(await clockTroublesOf(bot)).toEqual([]);
  });

  it("a server that is an hour behind what it has stored: what waits is due now, and it is said", async () => {
    const storage = await PostgresStorage.start("18");
    await using bot = await startWithAlarm({ storage, databaseAheadMs: () => 0 });
    await bot.fastForward(30 * second);
    // This machine's is as far behind: nobody can tell by that which of them is wrong.
    await restartAfter(bot, -hour);
    await bot.desk.expectPage("unclaimed");
    bot.phone.expectNothing();
    await bot.fastForward(minute);
    await bot.phone.expectPage("unclaimed");
    expect(warningsOf(bot)).toEqual(["clock-behind"]);
    expect(await clockTroublesOf(bot)).toMatchObject([{ kind: "clock-behind", behindMs: hour }]);
  });
});
