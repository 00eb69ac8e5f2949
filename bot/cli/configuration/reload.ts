import { reload as reloadWords } from "../../words/terminal/reload.ts";
import { loadConfigured } from "../configured.ts";
import { RunningBot } from "../doctor/running-bot.ts";

/** Makes the running bot read its configuration again, and says what came of it. Rejects with why it did not. */
export async function reload(file: string): Promise<void> {
  // A file with mistakes is refused here already, with all of them; the bot reads it once more, by its own environment.
  const configuration = await loadConfigured(file);
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
