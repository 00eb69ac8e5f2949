import { saveLastCopy } from "../../store/copy/last-copy.ts";
import { makeCopy } from "../../store/copy/make-copy.ts";
import { type BackupWords, backup as backupWords } from "../../words/database/backup.ts";
import { loadConfigured } from "../configured.ts";
import { toDatabasePath } from "../doctor/checks/machine.ts";
import { Progress } from "./progress.ts";
import { toRefusal } from "./refusal.ts";

/** Copies the database of that configuration to a file, and says what is in it. Rejects with a sentence. */
export async function makeBackup(file: string, config: string): Promise<void> {
  const configuration = await loadConfigured(config);
  const words: BackupWords = backupWords[configuration.language];
  const database = toDatabasePath(configuration);
  if (database === null) throw new Error(words.server);
  const ending = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, () => ending.abort());
  using progress = new Progress(words, process.stderr);
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
