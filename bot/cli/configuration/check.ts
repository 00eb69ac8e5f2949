import { ConfigurationError, toWarningReport } from "../../config/configuration-error.ts";
import { inspectConfiguration } from "../../config/load-configuration.ts";
import { loadKinds } from "../configured.ts";
import { loadEnvironment } from "../environment.ts";

/** Says all that is wrong with a configuration. Rejects with ConfigurationError where it can't be used. */
export async function checkFile(file: string): Promise<void> {
  loadEnvironment(file);
  const { problems, warnings } = inspectConfiguration(file, process.env, await loadKinds(file));
  if (warnings.length > 0) process.stdout.write(`${toWarningReport(file, warnings)}\n`);
  if (problems.length > 0) throw new ConfigurationError(file, problems);
  process.stdout.write(`${file} can be used.\n`);
}
