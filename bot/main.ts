import { kinds, startApp } from "./app.ts";
import { ConfigurationError, toConfigurationReport } from "./config/configuration-error.ts";
import { loadConfiguration } from "./config/load-configuration.ts";
import { SystemClock } from "./engine/kernel/clock.ts";
import { type Log, openLog } from "./log.ts";

const lastWordsMs = 5_000;

/**
 * The process: configuration → app → listen. SIGTERM and SIGINT finish what is under way and leave the rest on disk.
 */
async function main(): Promise<void> {
  const log = openLog("info");
  const path = process.env.RUGDEKKING_CONFIG ?? "rugdekking.yaml";
  const configuration = loadConfiguration(path, process.env, kinds);
  for (const warning of configuration.warnings) log.warn({ warning }, "configuration-warning");
  const clock = new SystemClock(log);
  const app = await startApp({ configuration, clock, log, onLost: () => endSoon(log) });
  // A slip of ours must not take the process down while someone waits for help; it is logged with its stack.
  process.on("unhandledRejection", (error) => log.error({ err: error }, "unhandled-rejection"));
  log.info({ host: configuration.listen.host, port: app.port }, "listening");

  let stopping = false;
  const stop = async (signal: string): Promise<void> => {
    if (stopping) return;
    stopping = true;
    log.info({ signal }, "stopping");
    await app[Symbol.asyncDispose]();
    clock[Symbol.dispose]();
    log.info({}, "stopped");
  };
  // A stop that fails is logged above, as all that nobody waits for.
  process.on("SIGTERM", (signal) => void stop(signal));
  process.on("SIGINT", (signal) => void stop(signal));
}

main().catch((error: unknown) => {
  const report = error instanceof ConfigurationError ? toConfigurationReport(error) : toSentence(error);
  process.stderr.write(`${report}\n`);
  process.exitCode = 1;
});

/** Whoever keeps this process running starts it anew; until then what is at hand still goes out from memory. */
function endSoon(log: Log): void {
  log.error({ endsInMs: lastWordsMs }, "ending-after-disk-failure");
  setTimeout(() => process.exit(1), lastWordsMs);
}

function toSentence(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
