/** `npm run manifest`: writes the Teams app package that IT uploads in the Teams admin centre. */
import { writeFileSync } from "node:fs";
import { Command } from "commander";
import { loadAppIdentity } from "../config/app-identity.ts";
import { toFileFault } from "../kit/file-fault.ts";
import { configOption } from "./config-option.ts";
import { toReport } from "./report.ts";
import { buildTeamsPackage } from "./teams-package.ts";

new Command("manifest")
  .description("Writes the Teams app package of this installation.")
  .addOption(configOption)
  .option("--out <file>", "where to write the package", "rugdekking-teams.zip")
  .action(async ({ config, out }: { config: string; out: string }) => writePackage(config, out))
  .parseAsync()
  .catch((error: unknown) => {
    process.stderr.write(`${toReport(error)}\n`);
    process.exitCode = 1;
  });

function writePackage(config: string, out: string): void {
  const bytes = buildTeamsPackage(loadAppIdentity(config, process.env));
  try {
    writeFileSync(out, bytes);
  } catch (cause) {
    throw new Error(`${out} can't be written: ${toFileFault(cause)}. Choose another place with --out.`, { cause });
  }
  process.stdout.write(
    `${out} is written. Upload it in the Teams admin centre (Teams apps, Manage apps, Upload new app) and add the app\n` +
      "to the team of the responders.\n",
  );
}
