import { once } from "node:events";
import { closeSync, openSync } from "node:fs";
import { connect } from "node:net";
import { expect, it } from "vitest";
import type { CalendarOptions } from "../../bot/engine/kernel/calendar.ts";
import { openLog } from "../../bot/logging/open-log.ts";
import { startAlarmCentre } from "../fakes/alarm-centre.ts";
import { type Bot, building, minute, second, startBot } from "../harness.ts";

const metricsToken = "een-lang-geheim-voor-de-cijfers";

/** The bot, and the work of its calendar for the test to ask for. */
async function startWithCalendar(): Promise<{ bot: Bot; calendar: CalendarOptions }> {
  let calendar: CalendarOptions | undefined;
  const bot = await startBot({
    calendar: (options) => {
      calendar = options;
      return { [Symbol.dispose]: () => undefined };
    },
  });
  return { bot, calendar: calendar ?? expect.fail("there is no calendar") };
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

it("a supervision that hangs keeps no press from its page, and the stop from ending", async () => {
  await using bot = await startBot();
  await using centre = await startAlarmCentre({ now: bot.clock.now });
  centre.behaveToPolls({ kind: "hang" });
  const settings = { type: "sia-dc09", account: "1234", primary: { host: "127.0.0.1", port: centre.port } };
  await bot.restart({
    pagers: { ...(bot.settings.pagers as object), centre: settings },
    policies: { building: { ...building, steps: [...building.steps, { after: "10m", page: "centre" }] } },
  });
  await expect.poll(() => bot.fastForward(second).then(() => centre.frames.length)).toBeGreaterThan(0);
  expect(await bot.press("0042")).toMatchObject({ status: 202 });
  await bot.expectCard("Spreekkamer 3");
  await bot.fastForward(minute);
  expect((await bot.desk.expectPage("unclaimed")).incident.place).toBe("Spreekkamer 3");
  expect(new Set(centre.answers)).toEqual(new Set(["hang"]));
  await bot.stop();
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
