/** `npm run init`: makes a first configuration of what it is told, with secrets, and says what to enter where. */
import { Command } from "commander";
import { configOption } from "./config-option.ts";
import type { InitOptions } from "./init/make-configuration.ts";
import { runCommand } from "./run-command.ts";

const init = new Command("init")
  .description(
    "Asks what a first configuration needs, makes the secrets, writes both files for you alone to read, and says what\n" +
      "to enter where. It writes over nothing.",
  )
  .addOption(configOption)
  .option("--env <file>", "where to write the secrets; left out, .env beside the configuration, where commands look")
  .option("--database <file>", "where the bot keeps its database", "data/rugdekking.db")
  .option("--answers <file>", "a file with the answers, in YAML, instead of questions")
  .action(async (options: InitOptions) => {
    const { makeConfiguration } = await import("./init/make-configuration.ts");
    await makeConfiguration(options);
  });

void runCommand(init);
