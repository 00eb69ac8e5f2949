import { ConfigurationError, toConfigurationReport, toWarningLines } from "../../config/configuration-error.ts";
import { inspectConfiguration } from "../../config/load-configuration.ts";
import { configuration } from "../../words/operator/configuration.ts";
import { loadKinds } from "../configured.ts";
import { loadEnvironment } from "../environment.ts";

/**
 * Says all that is wrong with a configuration, and what is worth a look; it ends with 1 when it can't be used. Rejects
 * with ConfigurationError where it can't be read.
 */
export async function checkFile(file: string): Promise<void> {
  const { problems, warnings, language } = inspectConfiguration(file, loadEnvironment(file), await loadKinds(file));
  const words = configuration[language];
  const lines = toWarningLines(file, warnings);
  if (problems.length > 0) {
    const report = toConfigurationReport(new ConfigurationError(file, problems, { language }));
    process.stderr.write(warnings.length === 0 ? report : `${report}\n${words.warnedToo(warnings.length)}\n\n${lines}`);
    process.exitCode = 1;
  } else if (warnings.length > 0) process.stdout.write(`${words.warned(file, warnings.length)}\n\n${lines}`);
  else process.stdout.write(`${words.good(file)}\n`);
}
