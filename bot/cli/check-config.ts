/** `npm run check-config`: says all that is wrong with the configuration at once, and starts nothing. */
import { Command } from "commander";
import { kinds } from "../app.ts";
import { ConfigurationError, toWarningReport } from "../config/configuration-error.ts";
import { inspectConfiguration } from "../config/load-configuration.ts";
import { configOption } from "./config-option.ts";
import { loadEnvironment } from "./environment.ts";
import { toReport } from "./report.ts";

new Command("check-config")
  .description(
    "Checks the configuration without starting anything: every mistake and every warning, with its line and what to\n" +
      "write instead. Ends with 0 when it can be used, also with warnings, and with 1 when not.",
  )
  .addOption(configOption)
  .action(({ config }: { config: string }) => check(config))
  .parseAsync()
  .catch((error: unknown) => {
    process.stderr.write(`${toReport(error)}\n`);
    process.exitCode = 1;
  });

function check(file: string): void {
  loadEnvironment(file);
  const { problems, warnings } = inspectConfiguration(file, process.env, kinds);
  if (warnings.length > 0) process.stdout.write(`${toWarningReport(file, warnings)}\n`);
  if (problems.length > 0) throw new ConfigurationError(file, problems);
  process.stdout.write(`${file} can be used.\n`);
}
