/**
 * `npm run doctor`: says what is well and what is not, and changes and sends nothing. `-- pagers` and `-- teams` make
 * the running bot test every route to external security, until humans answered, or Teams.
 */
import { Command } from "commander";
import { configOption } from "./config-option.ts";
import type { CheckUpOptions } from "./doctor/check-up.ts";
import type { TestPagersOptions } from "./doctor/test-pagers.ts";
import type { TestTeamsOptions } from "./doctor/test-teams.ts";
import { runCommand } from "./run-command.ts";

const doctor = new Command("doctor")
  .enablePositionalOptions()
  .description(
    "Finds out what would not work when it matters: a line each, with what to do. It changes nothing and sends nothing;\n" +
      "it ends with 1 when something is not well. `pagers` and `teams` send messages marked TEST.",
  )
  // 1 is the answer "not every human was reached"; a command that was typed wrongly never asked.
  .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2))
  .addOption(configOption)
  .option("--json", "say it for a program", false)
  .action(async (options: CheckUpOptions) => (await import("./doctor/check-up.ts")).checkUp(options));

doctor
  .command("pagers")
  .description("Sends a test by every route to external security. It ends with 0 once a human has answered everywhere.")
  .addOption(configOption)
  .option("--wait <duration>", "how long to wait for humans", "5m")
  .option("--yes", "do not ask whether it may send, for scripts", false)
  .action(async (options: TestPagersOptions) => (await import("./doctor/test-pagers.ts")).testPagers(options));

doctor
  .command("teams")
  .description("Tries what an alarm needs of Teams, with messages marked TEST. It ends with 0 once all of it works.")
  .argument("<channel>", "the only channel in which it posts, by its name in the configuration")
  .addOption(configOption)
  .option("--person <name>", "the only one who is rung, by their name in the configuration or their Entra id")
  .option("--wait <duration>", "how long to wait for clicks", "5m")
  .option("--yes", "do not ask whether it may send, for scripts", false)
  .action(async (channel: string, options: TestTeamsOptions) => {
    const { testTeams } = await import("./doctor/test-teams.ts");
    await testTeams(channel, options);
  });

void runCommand(doctor, 2);
