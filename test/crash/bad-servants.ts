import crypto from "node:crypto";
import { syncBuiltinESMExports } from "node:module";
import cron, { type ScheduledTask } from "node-cron";

/**
 * Loaded before the bot: servants of it that fail, by `SERVANT`. `calendar that throws`: nothing can be scheduled.
 * `calendar that strikes`: all its work is asked for ten times at once, again and again, and its end throws.
 * `calendar that hangs`: it does not end, and its timers keep the process alive. `supervision that throws`: nothing can
 * be encrypted from SIGUSR2 on, as where a system forbids an algorithm.
 */
const { SERVANT: servant } = process.env;
const { schedule } = cron;
const everyMs = 100;
const strikes = 10;

cron.schedule = (expression, work, options) => {
  if (servant === "calendar that throws") throw new Error("no such timezone");
  const task = schedule.call(cron, expression, work, options);
  if (servant === "calendar that strikes") return strikeOften(task, work);
  if (servant === "calendar that hangs") task.destroy = () => new Promise(() => undefined);
  return task;
};

function strikeOften(task: ScheduledTask, work: Parameters<typeof schedule>[1]): ScheduledTask {
  const strike = () => {
    if (typeof work === "function") for (let count = 0; count < strikes; count += 1) void work({} as never);
  };
  setInterval(strike, everyMs).unref();
  task.destroy = () => {
    throw new Error("no such task");
  };
  return task;
}

if (servant === "supervision that throws") {
  process.on("SIGUSR2", () => {
    crypto.createCipheriv = () => {
      throw new Error("error:0308010C:digital envelope routines::unsupported");
    };
    syncBuiltinESMExports();
  });
}
