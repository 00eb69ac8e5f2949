import cron from "node-cron";
import type { Log } from "../log.ts";

/**
 * Calendar work only: what may be late or early by an hour when clocks change. No deadline of an incident is in here;
 * those are stored moments (DESIGN §3). `forget` is called every night.
 */
export function startCalendar(options: { timezone: string; forget: () => Promise<number>; log: Log }): Disposable {
  const { timezone, forget, log } = options;
  const nightly = cron.schedule(
    "17 4 * * *",
    async () => {
      try {
        log.info({ forgotten: await forget() }, "alarms-forgotten");
      } catch (error) {
        log.error({ err: error }, "alarms-not-forgotten");
      }
    },
    { timezone, name: "forget-alarms" },
  );
  return {
    [Symbol.dispose]() {
      void nightly.destroy();
    },
  };
}
