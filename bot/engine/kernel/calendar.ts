import cron from "node-cron";
import type { Log } from "../../log.ts";

export interface CalendarOptions {
  readonly timezone: string;
  readonly forget: () => Promise<number>;
  readonly report: () => Promise<number>;
  readonly log: Log;
}

/**
 * Calendar work only: what may be late or early by an hour when clocks change. No deadline of an incident is in here;
 * those are stored moments. `forget` is called every night; `report` every hour of the working day, since it
 * says no more than one line a day, and what broke at ten should not wait for tomorrow.
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
      // A task of this process is over at once; only one of another process would be waited for.
      void nightly.destroy();
      void hourly.destroy();
    },
  };
}
