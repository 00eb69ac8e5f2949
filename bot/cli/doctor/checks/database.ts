import type { Configuration } from "../../../config/configuration.ts";
import { newestMigration } from "../../../store/migrations/migrate.ts";
import { loadDatabaseVersion } from "../../../store/sqlite/database-version.ts";
import type { CheckUpWords } from "../../../words/terminal/check-up-words.ts";
import type { Finding } from "../finding.ts";
import { toDatabasePath } from "./machine.ts";

/** Compares the database with what this version makes of one, and says when it was last copied. */
export function checkDatabase(configuration: Configuration, words: CheckUpWords): readonly Finding[] {
  const finding = { check: "database", subject: words.subject.database };
  const backup: Finding = { check: "backup", subject: words.subject.backup, state: "unseen", said: words.noBackup };
  const found = loadDatabaseVersion(toDatabasePath(configuration));
  if (found === "none") return [{ ...finding, state: "unseen", said: words.database.none }];
  if (found === "unreadable") return [{ ...finding, state: "unseen", said: words.database.unseen }, backup];
  const { version } = found;
  if (version > newestMigration) return [{ ...finding, state: "bad", said: words.database.newer(version) }, backup];
  const said = version === newestMigration ? words.database.good(version) : words.database.older(version);
  return [{ ...finding, state: "good", said }, backup];
}
