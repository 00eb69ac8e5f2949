import { readFileSync } from "node:fs";
import type { Language } from "../../domain/language.ts";
import { NewerDatabase } from "../../store/migrations/migrate.ts";
import { moveDatabase } from "../../store/move/move-database.ts";
import { MoveRefused } from "../../store/move/move-refused.ts";
import { PostgresFault } from "../../store/postgres/fault.ts";
import { DatabaseOwned } from "../../store/postgres/owner.ts";
import { DatabaseInUse } from "../../store/sqlite/database-lock.ts";
import { isEmpty } from "../../store/sqlite/database-path.ts";
import { isDamage } from "../../store/sqlite/disk-fault.ts";
import { type MigrateDatabaseWords, migrateDatabase } from "../../words/database/migrate-database.ts";
import { toFileFault } from "../../words/shared/file-fault.ts";
import { loadConfigured } from "../configured.ts";
import { Progress } from "./progress.ts";

interface MoveAllOptions {
  /** The configuration, for its language. */
  readonly config: string;
  /** A file with the password of the server; left out: none, or it stands in the url. */
  readonly passwordFile?: string;
}

/** Moves everything from the file to the database of these urls, and says what came of it. Rejects with a sentence. */
export async function moveAll(from: string, to: string, { config, passwordFile }: MoveAllOptions): Promise<void> {
  const { language } = await loadConfigured(config);
  const words: MigrateDatabaseWords = migrateDatabase[language];
  const file = from.replace(/^sqlite:/, "");
  if (file === from || file === "") throw new Error(words.from);
  if (!/^postgres(ql)?:\/\/./.test(to)) throw new Error(words.to);
  if (isEmpty(file)) throw new Error(words.fault.missing(file, ""));
  const url = passwordFile === undefined ? to : withPassword(to, passwordFile, language);
  using progress = new Progress(words, process.stderr);
  const begunAt = performance.now();
  const moving = moveDatabase({ from: file, to: url, onProgress: (share) => progress.show(share) });
  const moved = await moving.catch((error: unknown) => {
    throw toRefusal(error, words, file, language);
  });
  progress[Symbol.dispose]();
  const seconds = ((performance.now() - begunAt) / 1_000).toFixed(1);
  print([words.done(moved.rows, seconds), words.open(moved.open), words.configure, words.kept(file)]);
}

function withPassword(url: string, path: string, language: Language): string {
  try {
    const password = readFileSync(path, "utf8").trimEnd();
    return url.replace("@", () => `:${encodeURIComponent(password)}@`);
  } catch (error) {
    throw new Error(migrateDatabase[language].password(path, toFileFault(error, language)), { cause: error });
  }
}

/** The sentence that says why nothing was moved. */
function toRefusal(error: unknown, { fault }: MigrateDatabaseWords, file: string, language: Language): Error {
  const detail = isOfSystem(error) && !(error instanceof PostgresFault) ? toFileFault(error, language) : toText(error);
  return new Error(fault[toReason(error)](file, detail), { cause: error });
}

function toReason(error: unknown): keyof MigrateDatabaseWords["fault"] {
  if (error instanceof MoveRefused) return error.reason;
  if (error instanceof DatabaseInUse) return "file-in-use";
  if (error instanceof DatabaseOwned) return "server-in-use";
  if (error instanceof NewerDatabase) return "newer";
  if (error instanceof PostgresFault) return "server";
  if (isOfSystem(error) && error.code === "SQLITE_NOTADB") return "no-database";
  if (isDamage(error)) return "damaged";
  return isOfSystem(error) ? "file" : "server";
}

function isOfSystem(error: unknown): error is Error & { readonly code: unknown } {
  return error instanceof Error && "code" in error;
}

function toText(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function print(lines: readonly string[]): void {
  process.stdout.write(`${lines.join("\n")}\n`);
}
