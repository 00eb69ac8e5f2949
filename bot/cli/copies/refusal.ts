import { CopyRefused } from "../../store/copy/copy-fault.ts";
import type { BackupWords } from "../../words/database/backup.ts";

/** The sentence that says why there is no copy; any other error as it is. */
export function toRefusal(error: unknown, words: BackupWords["fault"], from: string, to: string): unknown {
  if (!(error instanceof CopyRefused)) return error;
  const { reason, detail = "" } = error.fault;
  return new Error(words[reason](from, to, detail), { cause: error });
}
