/** `npm run config -- reload`: makes the running bot read its configuration again, without closing its doors. */
import { Command } from "commander";
import { kinds } from "../app.ts";
import { loadConfiguration } from "../config/load-configuration.ts";
import { reload as reloadWords } from "../words/terminal/reload.ts";
import { configOption } from "./config-option.ts";
import { RunningBot } from "./doctor/running-bot.ts";
import { loadEnvironment } from "./environment.ts";
import { toReport } from "./report.ts";

const config = new Command("config").description("Changes how the running bot is configured.");

config
  .command("reload")
  .description(
    "Makes the running bot read its file again: buttons, people, locations, policies, tags, labels, secrets of sources\n" +
      "and pagers. A file with a mistake changes nothing, and what needs a restart is said. It needs a doctorToken.",
  )
  .addOption(configOption)
  .action(reload);

config.parseAsync().catch((error: unknown) => {
  process.stderr.write(`${toReport(error)}\n`);
  process.exitCode = 1;
});

async function reload({ config: file }: { config: string }): Promise<void> {
  loadEnvironment(file);
  // A file with mistakes is refused here already, with all of them; the bot reads it once more, by its own environment.
  const configuration = loadConfiguration(file, process.env, kinds);
  const words = reloadWords[configuration.language];
  const answer = await new RunningBot(configuration).reload();
  if (answer.kind === "reloaded") {
    const { needsRestart } = answer;
    print([words.reloaded, ...(needsRestart.length === 0 ? [] : [words.needsRestart(needsRestart)])]);
    return;
  }
  const why = { refused: words.refused, "restart-needed": words.restartNeeded, "not-stored": words.notStored };
  throw new Error([why[answer.kind], ...answer.problems.map((each) => `  ${each}`)].join("\n"));
}

function print(lines: readonly string[]): void {
  process.stdout.write(`${lines.join("\n")}\n`);
}
