import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { startCalendar } from "../../../bot/engine/kernel/calendar.ts";

const hourMs = 3_600_000;
const timezone = "Europe/Amsterdam";

beforeEach(() => {
  vi.useFakeTimers({ now: Date.parse("2026-11-24T07:30:00+01:00") });
});

afterEach(() => {
  vi.useRealTimers();
});

const works: readonly (readonly [string, () => Promise<number>, string | null])[] = [
  ["does it", async () => 2, "troubles-reported"],
  ["rejects", async () => Promise.reject(new Error("the disk is gone")), "troubles-not-reported"],
  [
    "throws",
    () => {
      throw new Error("no promise at all");
    },
    "troubles-not-reported",
  ],
  ["never ends", () => new Promise(() => undefined), null],
];

it.each(works)(
  "whoever %s is asked again the next hour, and keeps nothing from its end",
  async (_how, report, told) => {
    const lines: string[] = [];
    const log = (_facts: unknown, event: string) => {
      if (event.startsWith("troubles-")) lines.push(event);
    };
    let asked = 0;
    const asking = () => {
      asked += 1;
      return report();
    };
    const idle = async () => 0;
    const work = { forget: idle, renewReach: idle, showSigns: idle, reportTroubles: asking };
    const calendar = startCalendar({ timezone, ...work, log: { info: log, warn: log, error: log } });
    await vi.advanceTimersByTimeAsync(hourMs);
    expect(asked).toBe(1);
    await vi.advanceTimersByTimeAsync(hourMs);
    expect(asked).toBe(2);
    expect(lines).toEqual(told === null ? [] : [told, told]);
    calendar[Symbol.dispose]();
    await vi.advanceTimersByTimeAsync(24 * hourMs);
    expect(asked).toBe(2);
    expect(vi.getTimerCount()).toBe(0);
  },
);
