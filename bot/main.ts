import { Command } from "commander";
import { configOption } from "./cli/config-option.ts";
import { toReport } from "./cli/report.ts";
import { openDestination } from "./logging/destination.ts";

/** Standard error. */
const stderr = 2;

new Command("rugdekking")
  .description("Starts the bot: it receives alarms until SIGTERM or Ctrl-C. Its log is a line of JSON per event.")
  .addOption(configOption)
  .action(async ({ config }: { config: string }) => (await import("./process.ts")).runProcess(config))
  .parseAsync()
  .catch((error: unknown) => {
    openDestination(stderr).write(`${toReport(error)}\n`);
    process.exitCode = 1;
  });
