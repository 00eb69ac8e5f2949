/** `npm run config -- reload`: makes the running bot read its configuration again, without closing its doors. */
import { Command } from "commander";
import { configOption } from "./config-option.ts";
import { runCommand } from "./run-command.ts";

const config = new Command("config").description("Changes how the running bot is configured.");

config
  .command("reload")
  .description(
    "Makes the running bot read its file again: buttons, people, locations, policies, tags, labels, secrets of sources\n" +
      "and pagers. A file with a mistake changes nothing, and what needs a restart is said. It needs a doctorToken.",
  )
  .addOption(configOption)
  .action(async (options: { config: string }) => (await import("./configuration/reload.ts")).reload(options.config));

void runCommand(config);
