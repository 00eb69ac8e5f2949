/** `npm run manifest`: writes the Teams app package that IT uploads in the Teams admin centre. */
import { Command } from "commander";
import { configOption } from "./config-option.ts";
import { runCommand } from "./run-command.ts";

const manifest = new Command("manifest")
  .description("Writes the Teams app package of this installation.")
  .addOption(configOption)
  .option("--out <file>", "where to write the package", "rugdekking-teams.zip")
  .action(async ({ config, out }: { config: string; out: string }) => {
    const { writePackage } = await import("./manifest/write-package.ts");
    writePackage(config, out);
  });

void runCommand(manifest);
