import cron from "node-cron";
import type { Log } from "../../log.ts";

export interface CalendarOptions {
  readonly timezone: string;
  readonly forget: () => Promise<number>;
  readonly renewReach: () => Promise<number>;
  readonly reportTroubles: () => Promise<number>;
  readonly showSigns: () => Promise<number>;
  readonly log: Log;
}

/**
 * Starts the calendar: work that may be early or late by an hour when clocks change. No incident's deadline
 * depends on it, because those are stored moments. `forget` and `renewReach` are called every night, `reportTroubles`
 * every hour of the working day: it sends at most one line a day, and what broke at ten should not wait until tomorrow.
 * So is `showSigns`, an hour earlier: who comes in sees the sign of this morning.
 */
export function startCalendar(options: CalendarOptions): Disposable {
  const { timezone, forget, renewReach, reportTroubles, showSigns, log } = options;
  const tasks = [
    cron.schedule(
      "17 4 * * *",
      async () => {
        try {
          log.info({ forgotten: await forget() }, "forgotten");
        } catch (error) {
          log.error({ err: error }, "not-forgotten");
        }
      },
      { timezone, name: "forget" },
    ),
    cron.schedule(
      "41 5 * * *",
      async () => {
        try {
          log.info({ people: await renewReach() }, "reach-renewed");
        } catch (error) {
          log.error({ err: error }, "reach-not-renewed");
        }
      },
      { timezone, name: "renew-reach" },
    ),
    cron.schedule(
      "0 7-17 * * *",
      async () => {
        try {
          log.info({ channels: await showSigns() }, "signs-of-life-asked");
        } catch (error) {
          log.error({ err: error }, "signs-of-life-not-asked");
        }
      },
      { timezone, name: "show-signs" },
    ),
    cron.schedule(
      "0 8-17 * * *",
      async () => {
        try {
          log.info({ channels: await reportTroubles() }, "troubles-reported");
        } catch (error) {
          log.error({ err: error }, "troubles-not-reported");
        }
      },
      { timezone, name: "report-troubles" },
    ),
  ];
  return {
    [Symbol.dispose]() {
      // A task of this process is destroyed at once; only one in another process would have to be waited for.
      for (const task of tasks) void task.destroy();
    },
  };
}

/**
 * Starts the calendar by `start`; null when it can't, because no alarm waits for it. Nor does its end keep anything
 * else from ending.
 */
export function tryCalendar(start: typeof startCalendar = startCalendar, options: CalendarOptions): Disposable | null {
  const { log } = options;
  try {
    const calendar = start(options);
    return { [Symbol.dispose]: () => endCalendar(calendar, log) };
  } catch (error) {
    log.error({ err: error }, "calendar-not-started");
    return null;
  }
}

function endCalendar(calendar: Disposable, log: Log): void {
  try {
    calendar[Symbol.dispose]();
  } catch (error) {
    log.error({ err: error }, "calendar-not-ended");
  }
}
