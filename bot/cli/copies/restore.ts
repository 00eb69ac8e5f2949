/** `npm run restore -- <file>`: puts a copy of the database back, while the bot does not run. */
import { Command } from "commander";
import { configOption } from "../config-option.ts";
import { runCommand } from "../run-command.ts";

const restore = new Command("restore")
  .description(
    "Puts a copy of the database back, while the bot does not run, and keeps the present one. It asks of each alarm that\n" +
      "was open then whether it is over. Without an answer it goes on, and security is paged when the bot starts.",
  )
  .argument("<file>", "a copy that `npm run backup` has made, or a database that was put aside")
  .addOption(configOption)
  .action(async (file: string, { config }: { config: string }) => {
    const { putBack } = await import("./put-back.ts");
    await putBack(file, config);
  });

void runCommand(restore);
