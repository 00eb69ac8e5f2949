import type { Configuration } from "../../../config/configuration.ts";
import { loadLastCopy } from "../../../store/copy/last-copy.ts";
import { isKnown, newestMigration } from "../../../store/migrations/migrate.ts";
import { loadDatabaseVersion } from "../../../store/sqlite/database-version.ts";
import { toAge } from "../../../teams/cards/age.ts";
import { toDateTime } from "../../../words/shared/time.ts";
import type { CheckUpWords } from "../../../words/terminal/check-up-words.ts";
import type { Finding } from "../finding.ts";
import { toDatabasePath } from "./machine.ts";

/** Who copies once a week has a day to do it. */
const maxAgeMs = 8 * 24 * 3_600_000;

/** Compares the database with what this version makes of one, and says when it was last copied. */
export async function checkDatabase(
  configuration: Configuration,
  words: CheckUpWords,
  now: number = Date.now(),
): Promise<readonly Finding[]> {
  const finding = { check: "database", subject: words.subject.database };
  const path = toDatabasePath(configuration);
  if (path === null) {
    const backup = {
      check: "backup",
      subject: words.subject.backup,
      state: "unseen",
      said: words.backup.server,
    } as const;
    return [{ ...finding, state: "unseen", said: words.database.server }, backup];
  }
  const found = loadDatabaseVersion(path);
  if (found === "none") return [{ ...finding, state: "unseen", said: words.database.none }];
  const backup = await checkBackup(path, configuration, words, now);
  if (found === "unreadable") return [{ ...finding, state: "unseen", said: words.database.unseen }, backup];
  const version = found.done.at(-1) ?? "";
  if (!isKnown(found)) return [{ ...finding, state: "bad", said: words.database.newer(version) }, backup];
  const said = found.done.includes(newestMigration) ? words.database.good(version) : words.database.older(version);
  return [{ ...finding, state: "good", said }, backup];
}

async function checkBackup(
  path: string,
  { timezone, language }: Configuration,
  words: CheckUpWords,
  now: number,
): Promise<Finding> {
  const finding = { check: "backup", subject: words.subject.backup };
  const at = await loadLastCopy(path);
  if (at === null) return { ...finding, state: "unseen", said: words.backup.none };
  const [moment, age] = [toDateTime(at, timezone, language), toAge(now - at, language)];
  if (now - at > maxAgeMs) return { ...finding, state: "bad", said: words.backup.old(moment, age) };
  return { ...finding, state: "good", said: words.backup.good(moment, age) };
}
