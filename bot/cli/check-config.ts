/** `npm run check-config`: says all that is wrong with the configuration at once, and starts nothing. */
import { Command } from "commander";
import { configOption } from "./config-option.ts";
import { runCommand } from "./run-command.ts";

const checkConfig = new Command("check-config")
  .description(
    "Checks the configuration without starting anything: every mistake and every warning, with its line and what to\n" +
      "write instead. Ends with 0 when it can be used, also with warnings, and with 1 when not.",
  )
  .addOption(configOption)
  .action(async ({ config }: { config: string }) => (await import("./configuration/check.ts")).checkFile(config));

void runCommand(checkConfig);
