/** `npm run manifest`: writes the Teams app package that IT uploads in the Teams admin centre. */
import { writeFileSync } from "node:fs";
import { Command } from "commander";
import { type AppIdentity, loadAppIdentity } from "../config/app-identity.ts";
import { ConfigurationError, toConfigurationReport } from "../config/configuration-error.ts";
import { buildTeamsPackage } from "./teams-package.ts";

new Command("manifest")
  .description("Writes the Teams app package of this installation.")
  .option("--config <file>", "the configuration", process.env.RUGDEKKING_CONFIG ?? "rugdekking.yaml")
  .option("--out <file>", "where to write the package", "rugdekking-teams.zip")
  .action(({ config, out }: { config: string; out: string }) => writePackage(config, out))
  .parse();

function writePackage(config: string, out: string): void {
  const identity = loadIdentity(config);
  if (identity === null) return;
  writeFileSync(out, buildTeamsPackage(identity));
  process.stdout.write(
    `${out} is written. Upload it in the Teams admin centre (Teams apps, Manage apps, Upload new app) and add the app\n` +
      "to the team of the responders.\n",
  );
}

/** Loads the identity; null after its problems have been reported. */
function loadIdentity(config: string): AppIdentity | null {
  try {
    return loadAppIdentity(config, process.env);
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    process.stderr.write(toConfigurationReport(error));
    process.exitCode = 1;
    return null;
  }
}
