/**
 * `npm run doctor`: says what is well and what is not, and changes and sends nothing. `-- pagers` and `-- teams` make
 * the running bot test every route to external security, until humans answered, or Teams.
 */
import { Command } from "commander";
import { configOption } from "./config-option.ts";
import { checkUp } from "./doctor/check-up.ts";
import { testPagers } from "./doctor/test-pagers.ts";
import { testTeams } from "./doctor/test-teams.ts";
import { loadEnvironment } from "./environment.ts";
import { toReport } from "./report.ts";

const doctor = new Command("doctor")
  .hook("preAction", (_doctor, command) => loadEnvironment(command.opts().config))
  .enablePositionalOptions()
  .description(
    "Finds out what would not work when it matters: a line each, with what to do. It changes nothing and sends nothing;\n" +
      "it ends with 1 when something is not well. `pagers` and `teams` send messages marked TEST.",
  )
  // 1 is the answer "not every human was reached"; a command that was typed wrongly never asked.
  .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2))
  .addOption(configOption)
  .option("--json", "say it for a program", false)
  .action(checkUp);

doctor
  .command("pagers")
  .description("Sends a test by every route to external security. It ends with 0 once a human has answered everywhere.")
  .addOption(configOption)
  .option("--wait <duration>", "how long to wait for humans", "5m")
  .option("--yes", "do not ask whether it may send, for scripts", false)
  .action(testPagers);

doctor
  .command("teams")
  .description("Tries what an alarm needs of Teams, with messages marked TEST. It ends with 0 once all of it works.")
  .argument("<channel>", "the only channel in which it posts, by its name in the configuration")
  .addOption(configOption)
  .option("--person <name>", "the only one who is rung, by their name in the configuration or their Entra id")
  .option("--wait <duration>", "how long to wait for clicks", "5m")
  .option("--yes", "do not ask whether it may send, for scripts", false)
  .action(testTeams);

doctor.parseAsync().catch((error: unknown) => {
  process.stderr.write(`${toReport(error)}\n`);
  process.exitCode = 2;
});
