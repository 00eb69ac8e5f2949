import cron from "node-cron";
import type { Log } from "../../log.ts";

export interface CalendarOptions {
  readonly timezone: string;
  readonly forget: () => Promise<number>;
  readonly report: () => Promise<number>;
  readonly log: Log;
}

/**
 * Starts the calendar: work that may be early or late by an hour when clocks change. No incident's deadline
 * depends on it, because those are stored moments. `forget` is called every night, `report` every hour of the working
 * day: it sends at most one line a day, and what broke at ten should not wait until tomorrow.
 */
export function startCalendar(options: CalendarOptions): Disposable {
  const { timezone, forget, report, log } = options;
  const nightly = cron.schedule(
    "17 4 * * *",
    async () => {
      try {
        log.info({ forgotten: await forget() }, "forgotten");
      } catch (error) {
        log.error({ err: error }, "not-forgotten");
      }
    },
    { timezone, name: "forget" },
  );
  const hourly = cron.schedule(
    "0 8-17 * * *",
    async () => {
      try {
        log.info({ channels: await report() }, "troubles-reported");
      } catch (error) {
        log.error({ err: error }, "troubles-not-reported");
      }
    },
    { timezone, name: "report-troubles" },
  );
  return {
    [Symbol.dispose]() {
      // A task of this process is destroyed at once; only one in another process would have to be waited for.
      void nightly.destroy();
      void hourly.destroy();
    },
  };
}

/** Starts the calendar by `start`; null when it can't, because no alarm waits for it. */
export function tryCalendar(start: typeof startCalendar = startCalendar, options: CalendarOptions): Disposable | null {
  try {
    return start(options);
  } catch (error) {
    options.log.error({ err: error }, "calendar-not-started");
    return null;
  }
}
