/** `npm run backup -- <file>`: copies the database, also while the bot runs and takes presses. */
import { Command } from "commander";
import { configOption } from "../config-option.ts";
import { runCommand } from "../run-command.ts";

const backup = new Command("backup")
  .description(
    "Copies the database, also while the bot runs: alarms go on being taken. The copy has its name only once it was\n" +
      "looked through, and nothing is ever written over. Run it as the bot's own user.",
  )
  .argument("<file>", "the name of the copy, in a folder that is there")
  .addOption(configOption)
  .action(async (file: string, { config }: { config: string }) => {
    const { makeBackup } = await import("./make-backup.ts");
    await makeBackup(file, config);
  });

void runCommand(backup);
