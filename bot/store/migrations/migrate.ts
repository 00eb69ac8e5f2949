import type { Kysely } from "kysely";
import { type Migration, Migrator } from "kysely/migration";
import { up as start } from "./0001-0010/0001-start.ts";
import { up as everyButton } from "./0001-0010/0002-every-button.ts";
import { up as externalSecurity } from "./0001-0010/0003-external-security.ts";
import { up as settingsBySubject } from "./0001-0010/0004-settings-by-subject.ts";
import { up as answersAndFirsts } from "./0001-0010/0005-answers-and-firsts.ts";
import { up as teamOfChannel } from "./0001-0010/0006-team-of-channel.ts";
import { up as membersByTeamsId } from "./0001-0010/0007-members-by-teams-id.ts";
import { up as messages } from "./0001-0010/0008-messages.ts";
import { up as rungByCard } from "./0001-0010/0009-rung-by-card.ts";
import { up as provenRoutes } from "./0001-0010/0010-proven-routes.ts";
import { up as personalCards } from "./0011-personal-cards.ts";
import { up as roundReplies } from "./0012-round-replies.ts";
import { up as presserCards } from "./0013-presser-cards.ts";
import { up as followUps } from "./0014-follow-ups.ts";
import { up as backfill } from "./0015-backfill.ts";
import { up as postgresStart } from "./postgres-start.ts";

/** Those of every dialect. What differs between dialects stands in the migration. */
const common: Readonly<Record<string, Step>> = {
  "0015-backfill": { up: backfill, adds: true },
};

/**
 * Every migration, in order of its name; written out, so that nothing runs because a file lies in a folder. One that
 * only adds, so that the version before can run beside what it has made, has `adds: true`.
 */
const migrations: Readonly<Record<string, Step>> = {
  "0001-start": { up: start },
  "0002-every-button": { up: everyButton },
  "0003-external-security": { up: externalSecurity },
  "0004-settings-by-subject": { up: settingsBySubject },
  "0005-answers-and-firsts": { up: answersAndFirsts, leavesTo: 15 },
  "0006-team-of-channel": { up: teamOfChannel },
  "0007-members-by-teams-id": { up: membersByTeamsId },
  "0008-messages": { up: messages, leavesTo: 15 },
  "0009-rung-by-card": { up: rungByCard },
  "0010-proven-routes": { up: provenRoutes },
  "0011-personal-cards": { up: personalCards },
  "0012-round-replies": { up: roundReplies },
  "0013-presser-cards": { up: presserCards },
  "0014-follow-ups": { up: followUps, adds: true },
  ...common,
};

/** Of a database of PostgreSQL: it begins with all that those of SQLite had made by then. */
const postgresMigrations: Readonly<Record<string, Step>> = {
  "0014-follow-ups": { up: postgresStart },
  ...common,
};

/** The name of the newest migration, which tells how far a database is up to date. */
export const newestMigration: string = Object.keys(migrations).at(-1) ?? "";

interface Step extends Migration {
  readonly adds?: true;
  /** The number of the first migration whose version reads what this one leaves in rows that were there before it. */
  readonly leavesTo?: number;
}

/** A newer version has changed the database in a way that this one can't run beside. */
export class NewerDatabase extends Error {
  override readonly name = "NewerDatabase";

  constructor(version: string, howToPutBack: string) {
    super(
      `database: a newer version of Rugdekking has changed it (${version}), and this one knows it up to ` +
        `${newestMigration}. Start the newer version again; or put back ${howToPutBack}`,
    );
  }
}

/**
 * How far a database is up to date: the names of its migrations, in order, none for a new one; and the number of the
 * newest of those that a version has to know, 0 where none was noted.
 */
export interface DatabaseState {
  readonly done: readonly string[];
  readonly needs: number;
}

/** Whether this version can run on a database that is that far. */
export function isKnown({ done, needs }: DatabaseState): boolean {
  return toAdded(done).length === 0 || (needs > 0 && needs <= toNumber(newestMigration));
}

const ownCopy =
  "the copy that was made before that, which stands beside the database and has `before` in its name: " +
  "npm run restore -- <file>";

/** Throws NewerDatabase when it can't; `howToPutBack`: the copy of before, and the command. */
export function requireKnown(state: DatabaseState, howToPutBack = ownCopy): void {
  if (!isKnown(state)) throw new NewerDatabase(state.done.at(-1) ?? "", howToPutBack);
}

/** Whether the version before could not run any more once this one has brought a database up to date. */
export function isBreaking({ done }: DatabaseState): boolean {
  const left = Object.entries(migrations).filter(([name]) => !done.includes(name));
  return done.length > 0 && left.some(([, { adds }]) => adds !== true);
}

/**
 * Brings the tables of a database that is that far up to date, and resolves with what it `needs` then. Rejects when
 * that fails.
 */
export function migrate<Tables>(db: Kysely<Tables>, state: DatabaseState): Promise<number> {
  return migrateBy(migrations, db, state);
}

/** The same of a database of PostgreSQL. */
export function migratePostgres<Tables>(db: Kysely<Tables>, state: DatabaseState): Promise<number> {
  return migrateBy(postgresMigrations, db, state);
}

async function migrateBy<Tables>(
  own: Readonly<Record<string, Step>>,
  db: Kysely<Tables>,
  { done, needs }: DatabaseState,
): Promise<number> {
  // What a newer version has added stays, and is nothing that has to be done.
  const known = { ...own, ...Object.fromEntries(toAdded(done).map((name) => [name, nothing])) };
  const { error } = await new Migrator({ db, provider: { getMigrations: async () => known } }).migrateToLatest();
  if (error !== undefined) throw new Error("database: the tables could not be brought up to date", { cause: error });
  const needed = Object.entries(own).findLast(([, { adds }]) => adds !== true);
  const left = Object.entries(own).filter(([name]) => done.length > 0 && !done.includes(name));
  return Math.max(needs, toNumber(needed?.[0] ?? ""), ...left.map(([, { leavesTo = 0 }]) => leavesTo));
}

/** Those of another version. */
function toAdded(done: readonly string[]): readonly string[] {
  return done.filter((name) => !Object.hasOwn(migrations, name));
}

const nothing: Migration = { up: async () => {} };

/** The number with which the name of a migration begins. */
function toNumber(name: string): number {
  return Number.parseInt(name, 10) || 0;
}
