import { kinds, startApp } from "./app.ts";
import { ConfigurationError, toConfigurationReport } from "./config/configuration-error.ts";
import { loadConfiguration } from "./config/load-configuration.ts";
import { SystemClock } from "./engine/kernel/clock.ts";
import { type Log, openLog } from "./log.ts";
import { link } from "./words/terminal/link.ts";

const endAfterMs = 5_000;

/**
 * Runs the process: configuration → app → listen. SIGTERM and SIGINT finish what is under way and leave the rest on
 * disk.
 */
async function main(): Promise<void> {
  const log = openLog("info");
  const path = process.env.RUGDEKKING_CONFIG ?? "rugdekking.yaml";
  const configuration = loadConfiguration(path, process.env, kinds);
  for (const warning of configuration.warnings) log.warn({ warning }, "configuration-warning");
  const clock = new SystemClock(log);
  const app = await startApp({ configuration, clock, log, onLost: () => endSoon(log) });
  // A fault in the bot must not end the process while somebody waits for help; it is logged with its stack.
  process.on("unhandledRejection", (error) => log.error({ err: error }, "unhandled-rejection"));
  log.info({ host: configuration.listen.host, port: app.port }, "listening");

  let isStopping = false;
  const stop = async (signal: string): Promise<void> => {
    if (isStopping) return;
    isStopping = true;
    log.info({ signal }, "stopping");
    await app[Symbol.asyncDispose]();
    clock[Symbol.dispose]();
    log.info({}, "stopped");
  };
  // A stop that fails is an unhandled rejection, which is logged above.
  process.on("SIGTERM", (signal) => void stop(signal));
  process.on("SIGINT", (signal) => void stop(signal));

  const toTell = await app.linkCodeToTell().catch(() => null);
  // The log on stdout holds no secret, so whoever starts the bot is told on stderr, which a supervisor keeps as well.
  if (toTell !== null) process.stderr.write(`${link[configuration.language].code(toTell.code, toTell.channels)}\n`);
}

main().catch((error: unknown) => {
  const report = error instanceof ConfigurationError ? toConfigurationReport(error) : toSentence(error);
  process.stderr.write(`${report}\n`);
  process.exitCode = 1;
});

/**
 * Ends the process after `endAfterMs`, so that its supervisor starts it again; until then what is in memory is still
 * sent.
 */
function endSoon(log: Log): void {
  log.error({ endsInMs: endAfterMs }, "ending-after-disk-failure");
  setTimeout(() => process.exit(1), endAfterMs);
}

function toSentence(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
