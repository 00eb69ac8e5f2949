/** `npm run migrate-database -- <from> <to>`: moves everything from a file to PostgreSQL, while no bot runs. */
import { Command } from "commander";
import { configOption } from "../config-option.ts";
import { runCommand } from "../run-command.ts";

const migrateDatabase = new Command("migrate-database")
  .description(
    "Moves everything from a file to an empty database of PostgreSQL, while no bot runs on either, and compares what\n" +
      "arrived. The file is not changed. Whoever breaks it off leaves nothing there, and may begin again.",
  )
  .argument("<from>", "the file, such as sqlite:data/rugdekking.db")
  .argument("<to>", "the database, such as postgres://rugdekking@db1/rugdekking")
  .option("--password-file <file>", "a file with the password of PostgreSQL")
  .addOption(configOption)
  .action(async (from: string, to: string, options: { config: string; passwordFile?: string }) => {
    const { moveAll } = await import("./move-all.ts");
    await moveAll(from, to, options);
  });

void runCommand(migrateDatabase);
