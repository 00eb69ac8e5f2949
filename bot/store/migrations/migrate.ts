import type { Kysely } from "kysely";
import { Migrator } from "kysely/migration";
import { up as start } from "./0001-start.ts";
import { up as everyButton } from "./0002-every-button.ts";
import { up as externalSecurity } from "./0003-external-security.ts";
import { up as settingsBySubject } from "./0004-settings-by-subject.ts";
import { up as answersAndFirsts } from "./0005-answers-and-firsts.ts";
import { up as teamOfChannel } from "./0006-team-of-channel.ts";
import { up as membersByTeamsId } from "./0007-members-by-teams-id.ts";
import { up as messages } from "./0008-messages.ts";
import { up as rungByCard } from "./0009-rung-by-card.ts";
import { up as provenRoutes } from "./0010-proven-routes.ts";
import { up as personalCards } from "./0011-personal-cards.ts";
import { up as roundReplies } from "./0012-round-replies.ts";
import { up as presserCards } from "./0013-presser-cards.ts";

/** Every migration, in order of its name; written out, so that nothing runs because a file lies in a folder. */
const migrations = {
  "0001-start": { up: start },
  "0002-every-button": { up: everyButton },
  "0003-external-security": { up: externalSecurity },
  "0004-settings-by-subject": { up: settingsBySubject },
  "0005-answers-and-firsts": { up: answersAndFirsts },
  "0006-team-of-channel": { up: teamOfChannel },
  "0007-members-by-teams-id": { up: membersByTeamsId },
  "0008-messages": { up: messages },
  "0009-rung-by-card": { up: rungByCard },
  "0010-proven-routes": { up: provenRoutes },
  "0011-personal-cards": { up: personalCards },
  "0012-round-replies": { up: roundReplies },
  "0013-presser-cards": { up: presserCards },
};

/** The name of the newest migration, which tells how far a database is up to date. */
export const newestMigration: string = Object.keys(migrations).at(-1) ?? "";

/**
 * Brings the tables up to date. Rejects when that fails, or when the database was written by a newer version than this
 * one.
 */
export async function migrate<Tables>(db: Kysely<Tables>): Promise<void> {
  const migrator = new Migrator({ db, provider: { getMigrations: async () => migrations } });
  const { error } = await migrator.migrateToLatest();
  if (error === undefined) return;
  throw new Error("the tables could not be brought up to date; was this database written by a newer version?", {
    cause: error,
  });
}
