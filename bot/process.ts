import type { Worker } from "node:worker_threads";
import { loadConfigured } from "./cli/configured.ts";
import { loadEnvironment } from "./cli/environment.ts";
import { kinds } from "./compose/kinds.ts";
import { loadConfiguration } from "./config/load-configuration.ts";
import { SystemClock } from "./engine/kernel/time/clock.ts";
import { toLine } from "./kit/safe-text.ts";
import type { Log } from "./log.ts";
import { openDestination } from "./logging/destination.ts";
import { openLog } from "./logging/open-log.ts";
import { link } from "./words/terminal/link.ts";

/** What is in memory has this long to be sent, before a process that can't go on ends itself. */
const endAfterMs = 4_000;
/** A stop that takes longer than this ends at once: a disk that hangs would hold it for ever. */
const stopWithinMs = 24_000;
/** What still keeps the process alive so long after everything was stopped is of no use to anybody. */
const goneWithinMs = 2_000;
/** The most that is logged of one text for the console, in characters. */
const maxConsoleLength = 500;
/** A thread that has not ended after this long never will, because its disk hangs. */
const endThreadsWithinMs = 1_000;
/** Standard error. */
const stderr = 2;
let isEnding = false;
/** Those that run. */
const threads = new Set<Worker>();
process.on("worker", (worker) => {
  threads.add(worker);
  worker.once("exit", () => threads.delete(worker));
});

/**
 * Runs the process: configuration → app → listen. SIGTERM and SIGINT finish what is under way and leave the rest on
 * disk.
 */
export async function runProcess(path: string): Promise<void> {
  const log = openLog("info");
  silenceOutputs(log);
  const configuration = await loadConfigured(path);
  // After that, because who has a mistake in the file need not wait for all of the bot.
  const { startApp } = await import("./app.ts");
  for (const warning of configuration.warnings) log.warn({ warning }, "configuration-warning");
  const clock = new SystemClock(log);
  const starting = startApp({
    ...{ configuration, configurationPath: path, clock, log, watchPages: true },
    loadConfiguration: () => loadConfiguration(path, loadEnvironment(path), kinds),
    onLost: () => endSoon(log, "ending-after-disk-failure"),
    // Written first is what is held in memory; then whoever keeps this process running starts all of it anew.
    onWhole: () => {
      process.exitCode = 1;
      void stop("storage-whole");
    },
  });
  let isStopping = false;
  async function stop(cause: string): Promise<void> {
    if (isStopping) return;
    isStopping = true;
    log.info({ signal: cause }, "stopping");
    // Unless something keeps the process alive, it is over by then.
    setTimeout(() => {
      log.error({ withinMs: stopWithinMs }, "stop-overdue");
      endNow();
    }, stopWithinMs).unref();
    await (await starting)[Symbol.asyncDispose]();
    clock[Symbol.dispose]();
    log.info({}, "stopped");
    setTimeout(() => endNow(Number(process.exitCode ?? 0)), goneWithinMs).unref();
  }
  const app = await starting;
  // A fault in the bot must not end the process while somebody waits for help; it is logged with its stack.
  process.on("unhandledRejection", (error) => log.error({ err: error }, "unhandled-rejection"));
  // After an exception that nothing caught no state can be trusted, so that a new process has to take over.
  process.on("uncaughtException", (error) => {
    log.error({ err: error }, "uncaught-exception");
    endSoon(log, "ending-after-fault");
  });
  log.info({ host: configuration.listen.host, port: app.port }, "listening");
  // The first alarm does not pay for it. Who can't be shown in Teams is seen by nobody there: better a new process.
  app.loadTeams().catch((error: unknown) => {
    log.error({ err: error }, "uncaught-exception");
    endSoon(log, "ending-after-fault");
  });

  // A stop that fails is an unhandled rejection, which is logged above.
  process.on("SIGTERM", (signal) => void stop(signal));
  process.on("SIGINT", (signal) => void stop(signal));
  // A terminal that is closed says the same, and means that the process has to end.
  if (![process.stdin, process.stdout, process.stderr].some(({ isTTY }) => isTTY))
    process.on("SIGHUP", () => void app.reload({ kind: "machine" }));

  const toTell = await app.linkCodeToTell().catch(() => null);
  // The log on stdout holds no secret, so whoever starts the bot is told on stderr, which a supervisor keeps as well.
  if (toTell !== null)
    openDestination(stderr).write(`${link[configuration.language].code(toTell.code, toTell.channels)}\n`);
}

/**
 * Keeps Node and libraries from writing to outputs that may hang or be gone: its warnings, and what they tell the
 * console, go into the log.
 */
function silenceOutputs(log: Log): void {
  process.removeAllListeners("warning").on("warning", (err) => log.warn({ err }, "node-warning"));
  for (const output of [process.stdout, process.stderr]) {
    output.on("error", () => {});
    output.write = (text: string | Uint8Array, ...rest: unknown[]) => {
      log.warn({ text: toLine(String(text), maxConsoleLength) }, "console-line");
      const done = rest.at(-1);
      if (typeof done === "function") process.nextTick(done);
      return true;
    };
  }
}

/**
 * Ends the process after `endAfterMs`, so that its supervisor starts it again; until then what is in memory is still
 * sent.
 */
function endSoon(log: Log, event: "ending-after-disk-failure" | "ending-after-fault"): void {
  if (isEnding) return;
  isEnding = true;
  log.error({ endsInMs: endAfterMs }, event);
  setTimeout(endNow, endAfterMs);
}

/**
 * Ends the process at once. Node's exit waits for what its threads are doing, and a disk or a name server that hangs
 * never answers: then the process kills itself, which ends it as well.
 */
function endNow(code = 1): void {
  const kill = () => process.kill(process.pid, "SIGKILL");
  if (process.getActiveResourcesInfo().some((resource) => /^(FSReq|GetAddrInfo|GetNameInfo)/.test(resource))) kill();
  setTimeout(kill, endThreadsWithinMs);
  // Nobody is told that a thread has ended, because it did not by itself.
  const ended = Array.from(threads, (thread) => thread.removeAllListeners().terminate());
  void Promise.all(ended).then(() => process.exit(code));
}
