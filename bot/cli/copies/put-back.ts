import { existsSync, mkdirSync, statSync } from "node:fs";
import { dirname } from "node:path";
import type { Configuration } from "../../config/configuration.ts";
import { toLine } from "../../kit/safe-text.ts";
import { type PreparedCopy, prepareCopy } from "../../store/copy/make-copy.ts";
import { comparePresent, type Present } from "../../store/copy/present.ts";
import { replaceDatabase } from "../../store/copy/put-in-place.ts";
import { saveEnded } from "../../store/copy/write-copy.ts";
import { NewerDatabase, requireKnown } from "../../store/migrations/migrate.ts";
import { DatabaseInUse, DatabaseLock } from "../../store/sqlite/database-lock.ts";
import { toRealPath } from "../../store/sqlite/database-path.ts";
import { backup as backupWords } from "../../words/database/backup.ts";
import { type RestoreWords, restore as restoreWords } from "../../words/database/restore.ts";
import { maxLineLengths } from "../../words/shared/line.ts";
import { terms } from "../../words/shared/terms.ts";
import { toDateTime } from "../../words/shared/time.ts";
import { loadConfigured } from "../configured.ts";
import { toDatabasePath } from "../doctor/checks/machine.ts";
import { askEnded, confirmLost } from "./ask-ended.ts";
import { toRefusal } from "./refusal.ts";

const terminal = { input: process.stdin, output: process.stdout };

/** Puts a copy in the place of that configuration's database. Rejects with a sentence, and has changed nothing then. */
export async function putBack(file: string, config: string): Promise<void> {
  const configuration = await loadConfigured(config);
  const words: RestoreWords = restoreWords[configuration.language];
  const path = toDatabasePath(configuration);
  if (path === null) throw new Error(backupWords[configuration.language].server);
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const database = toRealPath(path);
  if (existsSync(file) && toRealPath(file) === database) throw new Error(words.sameFile);
  requireOwner(database, words);
  using lock = new DatabaseLock();
  takeLock(lock, database, words);
  using copy = readCopy(file, database, configuration);
  // Whoever closes the terminal leaves nothing behind.
  process.once("exit", () => copy[Symbol.dispose]());
  for (const signal of ["SIGTERM", "SIGHUP"] as const) process.once(signal, () => process.exit(1));
  requireKnownTo(copy, words);
  const present = comparePresent(database, copy.path);
  print([words.found(toMoment(copy.facts.at, configuration))]);
  await settleLost(present, configuration, words);
  saveEnded(copy.path, await settleOpen(copy, present, configuration, words));
  const aside = replaceDatabase(copy.path, database, new Date());
  print([words.done(path), ...(aside === null ? [] : [words.aside(aside)]), words.start]);
}

/** What root writes the bot's own user can't read. */
function requireOwner(database: string, words: RestoreWords): void {
  const { uid } = statSync(existsSync(database) ? database : dirname(database));
  if (process.getuid?.() === 0 && uid !== 0) throw new Error(words.otherUser);
}

function takeLock(lock: DatabaseLock, database: string, words: RestoreWords): void {
  try {
    lock.take(database);
  } catch (error) {
    throw error instanceof DatabaseInUse ? new Error(words.inUse, { cause: error }) : error;
  }
}

function readCopy(file: string, database: string, { language }: Configuration): PreparedCopy {
  try {
    return prepareCopy(file, database, null);
  } catch (error) {
    throw toRefusal(error, backupWords[language].fault, file, database);
  }
}

function requireKnownTo({ facts }: PreparedCopy, words: RestoreWords): void {
  try {
    requireKnown(facts);
  } catch (error) {
    throw error instanceof NewerDatabase ? new Error(words.newer(facts.done.at(-1) ?? ""), { cause: error }) : error;
  }
}

/** Says which open alarms are not in the copy, and goes on only when somebody lets it. */
async function settleLost({ isRead, openSince }: Present, configuration: Configuration, words: RestoreWords) {
  if (!isRead) print([words.presentUnread]);
  if (openSince.length === 0) return;
  const lines = openSince.map(({ number, button, openedAt }) => {
    return words.lostAlarm(number, toLine(button, maxLineLengths.technical), toMoment(openedAt, configuration));
  });
  print([words.lost(openSince.length), ...lines]);
  await confirmLost(terminal, words);
}

/** Lists what was open then, and resolves with what somebody said is over since. */
async function settleOpen(
  { facts: { open } }: PreparedCopy,
  { ended }: Present,
  configuration: Configuration,
  words: RestoreWords,
): Promise<Awaited<ReturnType<typeof askEnded>>> {
  const { placeUnknown, outcome: outcomes } = terms[configuration.language];
  const alarms = open.map(({ id, number, place, openedAt }) => {
    const shown = toLine(place ?? placeUnknown, maxLineLengths.place);
    const since = ended.get(id);
    const told = words.alarm(number, shown, toMoment(openedAt, configuration));
    if (since === undefined) return [id, told] as const;
    const outcome = since.outcome === null ? null : outcomes[since.outcome];
    return [id, `${told} ${words.ended(toMoment(since.at, configuration), outcome)}`] as const;
  });
  print(open.length === 0 ? [words.noneOpen] : [words.open(open.length), ...alarms.map(([, text]) => text), ""]);
  const answers = await askEnded(terminal, alarms, words);
  const goOn = open.filter(({ id }) => answers[id] === undefined);
  if (goOn.length > 0) print(goOn.map(({ number }) => words.goesOn(number)));
  return answers;
}

function toMoment(at: number, { timezone, language }: Configuration): string {
  return toDateTime(at, timezone, language);
}

function print(lines: readonly string[]): void {
  process.stdout.write(`${lines.join("\n")}\n`);
}
