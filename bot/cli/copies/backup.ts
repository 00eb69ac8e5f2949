/** `npm run backup -- <file>`: copies the database, also while the bot runs and takes presses. */
import { Command } from "commander";
import { kinds } from "../../app.ts";
import { loadConfiguration } from "../../config/load-configuration.ts";
import { saveLastCopy } from "../../store/copy/last-copy.ts";
import { makeCopy } from "../../store/copy/make-copy.ts";
import { type BackupWords, backup as backupWords } from "../../words/terminal/backup.ts";
import { configOption } from "../config-option.ts";
import { toDatabasePath } from "../doctor/checks/machine.ts";
import { loadEnvironment } from "../environment.ts";
import { toReport } from "../report.ts";
import { Progress } from "./progress.ts";
import { toRefusal } from "./refusal.ts";

new Command("backup")
  .description(
    "Copies the database, also while the bot runs: alarms go on being taken. The copy has its name only once it was\n" +
      "looked through, and nothing is ever written over. Run it as the bot's own user.",
  )
  .argument("<file>", "the name of the copy, in a folder that is there")
  .addOption(configOption)
  .action(backup)
  .parseAsync()
  .catch((error: unknown) => {
    process.stderr.write(`${toReport(error)}\n`);
    process.exitCode = 1;
  });

async function backup(file: string, { config }: { config: string }): Promise<void> {
  loadEnvironment(config);
  const configuration = loadConfiguration(config, process.env, kinds);
  const words: BackupWords = backupWords[configuration.language];
  const database = toDatabasePath(configuration);
  const ending = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, () => ending.abort());
  using progress = new Progress(words);
  const begunAt = performance.now();
  const copying = makeCopy({
    from: database,
    to: file,
    onProgress: (share) => progress.show(share),
    signal: ending.signal,
  });
  const copy = await copying.catch((error: unknown) => {
    throw toRefusal(error, words.fault, database, file);
  });
  progress[Symbol.dispose]();
  const seconds = ((performance.now() - begunAt) / 1_000).toFixed(1);
  print([
    words.done(file, (copy.size / 1024 ** 2).toFixed(1), seconds),
    words.open(copy.open.length),
    words.secrets,
    ...(copy.isOnSameDisk ? [words.sameDisk] : []),
    ...(noteCopy(database, copy.at) ? [] : [words.notNoted]),
  ]);
}

/** Whether the doctor will know of it. */
function noteCopy(database: string, at: number): boolean {
  try {
    saveLastCopy(database, at);
    return true;
  } catch {
    return false;
  }
}

function print(lines: readonly string[]): void {
  process.stdout.write(`${lines.join("\n")}\n`);
}
