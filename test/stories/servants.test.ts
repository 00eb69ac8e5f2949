import { once } from "node:events";
import { closeSync, openSync } from "node:fs";
import { connect } from "node:net";
import { expect, it } from "vitest";
import type { CalendarOptions } from "../../bot/engine/kernel/calendar.ts";
import { openLog } from "../../bot/logging/open-log.ts";
import { nl } from "../dutch.ts";
import { type AlarmCentre, startAlarmCentre } from "../fakes/alarm-centre.ts";
import { type Bot, building, frontdesk, hour, minute, second, startBot } from "../harness.ts";

/** A poll by the injected clock takes what the machine needs. */
const patient = { timeout: 30_000 };
const metricsToken = "een-lang-geheim-voor-de-cijfers";

/** The bot, and the work of its calendar, since its last start, for the test to ask for. */
async function startWithCalendar(): Promise<{ readonly bot: Bot; readonly calendar: CalendarOptions }> {
  let calendar: CalendarOptions | undefined;
  const bot = await startBot({
    calendar: (options) => {
      calendar = options;
      return { [Symbol.dispose]: () => undefined };
    },
  });
  return {
    bot,
    get calendar() {
      return calendar ?? expect.fail("there is no calendar");
    },
  };
}

/** Asks for it twice, before either can do anything. */
function twice(work: () => Promise<number>): Promise<number>[] {
  return [work(), work()];
}

/** The settings with which the alarm centre is paged first, and the desk after it. */
function pageFirst({ settings }: Bot, { port }: AlarmCentre) {
  const centre = { type: "sia-dc09", account: "1234", primary: { host: "127.0.0.1", port, pollEvery: "10s" } };
  const [tell, ...pages] = building.steps;
  const steps = [tell, { after: "30s", page: "centre" }, ...pages];
  return { pagers: { ...(settings.pagers as object), centre }, policies: { building: { ...building, steps } } };
}

it("a calendar that throws at its start is told, and keeps no door shut and no press from its page", async () => {
  const throwing = () => {
    throw new Error("no such timezone");
  };
  await using bot = await startBot({ calendar: throwing });
  expect(bot.lines).toContainEqual(expect.objectContaining({ level: "error", event: "calendar-not-started" }));
  await bot.press("0042");
  await bot.expectCard("Spreekkamer 3");
  await bot.fastForward(minute);
  expect((await bot.desk.expectPage("unclaimed")).incident.place).toBe("Spreekkamer 3");
  await bot.stop();
});

it("a calendar whose work the disk refuses keeps no press from its page, and the stop from ending", async () => {
  const { bot: started, calendar } = await startWithCalendar();
  await using bot = started;
  await bot.press("0042");
  await bot.expectCard("Spreekkamer 3");
  {
    using _held = bot.holdDisk();
    await expect(calendar.forget()).rejects.toThrow();
    await bot.fastForward(minute + second);
    expect((await bot.desk.expectPage("unclaimed")).incident.place).toBe("Spreekkamer 3");
  }
  await bot.stop();
  bot.desk.ignoreRest();
  bot.phone.ignoreRest();
});

it("a calendar that strikes a hundred times has each channel told once, and keeps no press from its page", async () => {
  const { bot: started, calendar } = await startWithCalendar();
  await using bot = started;
  await bot.press("0042");
  await bot.expectCard("Spreekkamer 3");
  for (let strike = 0; strike < 100; strike++) {
    await calendar.reportTroubles();
    await calendar.forget();
    await bot.settle();
  }
  expect(bot.teams.texts).toHaveLength(1);
  await bot.fastForward(minute);
  expect((await bot.desk.expectPage("unclaimed")).incident.place).toBe("Spreekkamer 3");
  await bot.stop();
});

it("a calendar that strikes twice at the very same moment has each channel told of each thing once", async () => {
  const { bot: started, calendar } = await startWithCalendar();
  await using bot = started;
  await bot.fastForward(minute);
  await Promise.all([...twice(calendar.reportTroubles), ...twice(calendar.showSigns), ...twice(calendar.forget)]);
  await bot.settle();
  const texts = bot.teams.texts.filter(({ conversation }) => conversation === frontdesk);
  const sign = nl.signOfLife.works("Rugdekking", "24-11-2026", "10:01");
  expect(texts.filter(({ body }) => body.text === sign)).toHaveLength(1);
  expect(texts).toHaveLength(2);
  expect(bot.teams.edits).toEqual([]);
});

it("a calendar that strikes while what it asks of Teams hangs keeps no press from its page, and no stop", async () => {
  const { bot: started, calendar } = await startWithCalendar();
  await using bot = started;
  for (const route of ["text", "converse", "member"] as const) bot.teams.fail(route, { kind: "hang" });
  const works = [calendar.reportTroubles(), calendar.showSigns(), calendar.renewReach(), calendar.forget()];
  await bot.press("0042");
  await bot.expectCard("Spreekkamer 3");
  await bot.fastForward(minute);
  expect((await bot.desk.expectPage("unclaimed")).incident.place).toBe("Spreekkamer 3");
  await bot.stop();
  await Promise.allSettled(works);
});

it("a calendar that strikes a week late, all at one moment, keeps no press from its page", async () => {
  const started = await startWithCalendar();
  await using bot = started.bot;
  await bot.press("0051");
  await bot.expectCard("Balie");
  await bot.stop();
  // The week passes for everybody at once.
  bot.clock.to(bot.clock.now() + (7 * 24 + 17) * hour);
  await bot.start();
  bot.desk.ignoreRest();
  bot.phone.ignoreRest();
  await bot.press("0042");
  await bot.expectCard("Spreekkamer 3");
  await bot.fastForward(minute - second);
  const { forget, renewReach, showSigns, reportTroubles } = started.calendar;
  const works = [forget, renewReach, showSigns, reportTroubles].map((work) => work());
  await bot.fastForward(second);
  expect((await bot.desk.expectPage("unclaimed")).incident.place).toBe("Spreekkamer 3");
  expect(await Promise.allSettled(works)).not.toContainEqual(expect.objectContaining({ status: "rejected" }));
  await bot.stop();
});

it("a calendar that throws at its end keeps the stop from nothing else", async () => {
  await using bot = await startBot({
    calendar: () => ({
      [Symbol.dispose]() {
        throw new Error("no such task");
      },
    }),
  });
  await bot.press("0042");
  await bot.expectCard("Spreekkamer 3");
  await bot.stop();
  expect(bot.lines).toContainEqual(expect.objectContaining({ level: "error", event: "calendar-not-ended" }));
  await bot.start({});
  await bot.fastForward(minute);
  expect((await bot.desk.expectPage("unclaimed")).incident.place).toBe("Spreekkamer 3");
});

it("a supervision that hangs keeps no press from its page, and the stop from ending", async () => {
  await using bot = await startBot();
  await using centre = await startAlarmCentre({ now: bot.clock.now });
  centre.behaveToPolls({ kind: "hang" });
  const settings = { type: "sia-dc09", account: "1234", primary: { host: "127.0.0.1", port: centre.port } };
  await bot.restart({
    pagers: { ...(bot.settings.pagers as object), centre: settings },
    policies: { building: { ...building, steps: [...building.steps, { after: "10m", page: "centre" }] } },
  });
  await expect.poll(() => bot.fastForward(second).then(() => centre.frames.length), patient).toBeGreaterThan(0);
  expect(await bot.press("0042")).toMatchObject({ status: 202 });
  await bot.expectCard("Spreekkamer 3");
  await bot.fastForward(minute);
  expect((await bot.desk.expectPage("unclaimed")).incident.place).toBe("Spreekkamer 3");
  expect(new Set(centre.answers)).toEqual(new Set(["hang"]));
  await bot.stop();
});

it("a supervision that says that all is well keeps no page from the next route, where every event is refused", async () => {
  await using bot = await startBot();
  await using centre = await startAlarmCentre({ now: bot.clock.now });
  centre.behaveToPolls({ kind: "ACK" });
  centre.behave({ kind: "DUH" });
  await bot.restart(pageFirst(bot, centre));
  await bot.press("0042");
  await bot.expectCard("Spreekkamer 3");
  await expect.poll(() => bot.fastForward(second).then(() => bot.desk.pages.length), patient).toBe(1);
  expect((await bot.desk.expectPage()).incident.place).toBe("Spreekkamer 3");
  expect(centre.answers).toContain("ACK");
  await bot.stop();
});

it("a supervision that says that the line is lost keeps no page from it", async () => {
  await using bot = await startBot();
  await using centre = await startAlarmCentre({ now: bot.clock.now });
  centre.behaveToPolls({ kind: "DUH" });
  await bot.restart(pageFirst(bot, centre));
  const isLost = async () => (await bot.troubles()).some(({ kind }) => kind === "pager-lost");
  await expect.poll(() => bot.fastForward(second).then(isLost), patient).toBe(true);
  await bot.press("0042");
  await bot.expectCard("Spreekkamer 3");
  await expect.poll(() => bot.fastForward(second).then(() => centre.events.length), patient).toBe(1);
  expect(await isLost()).toBe(true);
  await bot.stop();
  bot.desk.ignoreRest();
});

it("a log that takes no line keeps no press from its page, and the figures count what is missing", async () => {
  using full = new DisposableStack();
  const log = openLog("info", full.adopt(openSync("/dev/full", "w"), closeSync));
  await using bot = await startBot({ settings: { metricsToken }, log });
  await bot.press("0042");
  await bot.expectCard("Spreekkamer 3");
  await bot.fastForward(minute);
  expect((await bot.desk.expectPage("unclaimed")).incident.place).toBe("Spreekkamer 3");
  const answered = await fetch(`${bot.url}/metrics`, { headers: { authorization: `Bearer ${metricsToken}` } });
  expect(await answered.text()).toMatch(/^rugdekking_log_lines_dropped_total [1-9]/m);
});

it("a reader of the figures who takes no answer keeps no press from its page, and the stop from ending", async () => {
  await using bot = await startBot({ settings: { metricsToken } });
  const reader = connect(bot.app.port, "127.0.0.1").on("error", () => undefined);
  await once(reader, "connect");
  reader.pause();
  // More answers than fit on the way, so that the connection is still being answered at the stop.
  reader.write(`GET /metrics HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${metricsToken}\r\n\r\n`.repeat(8_000));
  expect(await bot.press("0042")).toMatchObject({ status: 202 });
  await bot.expectCard("Spreekkamer 3");
  await bot.fastForward(minute);
  expect((await bot.desk.expectPage("unclaimed")).incident.place).toBe("Spreekkamer 3");
  await bot.stop();
  reader.destroy();
});
