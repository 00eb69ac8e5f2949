import { closeSync, fsyncSync, openSync } from "node:fs";
import Database from "better-sqlite3";
import { Copied, skippedNumbers } from "../../domain/incident/time/return.ts";
import type { DatabaseState } from "../migrations/migrate.ts";
import { readState } from "../sqlite/database-version.ts";
import { DamagedFile } from "../sqlite/disk-fault.ts";

/** An alarm that was open when a copy was made. */
export interface OpenInCopy {
  readonly id: string;
  readonly number: number;
  /** Epoch milliseconds. */
  readonly openedAt: number;
  /** null: unknown, or not to be read. */
  readonly place: string | null;
}

/** What stands in a copy. */
export interface CopyFacts extends DatabaseState {
  /** When it was made, in epoch milliseconds. */
  readonly at: number;
  readonly open: readonly OpenInCopy[];
}

/** That file is no database of ours. */
export class NoDatabase extends Error {
  override readonly name = "NoDatabase";
}

/** Somebody else's lock is waited for so long, in milliseconds. */
const patienceMs = 5_000;

/**
 * Writes what the database `from` holds at this moment into `to`, a file without a byte, beside whoever has `from`
 * open, and looks through all of it; it is on disk then. `at`: now, in epoch milliseconds; null: `from` is a copy
 * itself, or a database that was put aside, and says how old it is. Throws NoDatabase, DamagedFile or what the system
 * or SQLite refused.
 */
export function writeCopy(from: string, to: string, at: number | null): CopyFacts {
  copyRows(from, to);
  using stack = new DisposableStack();
  const copy = stack.adopt(new Database(to), closeDatabase);
  // What is taken out leaves nothing behind.
  copy.pragma("secure_delete = on");
  const facts = copy.transaction(() => prepare(copy, at))();
  const found = copy.pragma("integrity_check(1)", { simple: true });
  if (found !== "ok") throw new DamagedFile(`the copy is damaged: ${String(found)}`);
  stack.dispose();
  const file = openSync(to, "r+");
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  return facts;
}

/**
 * As one read, so that the copy is how it was at one moment. It takes what counts now: what was deleted, such as where
 * somebody was, stays in the pages of a database for long, and is not copied (sqlite.org/lang_vacuum.html).
 */
function copyRows(from: string, to: string): void {
  using stack = new DisposableStack();
  const open = new Database(from, { readonly: true, fileMustExist: true, timeout: patienceMs });
  const database = stack.adopt(open, closeDatabase);
  const isOurs = database.prepare("select 1 from sqlite_schema where name = 'incidents'").get() !== undefined;
  if (!isOurs) throw new NoDatabase("that file is no database of Rugdekking");
  database.prepare("vacuum into ?").run(to);
}

/**
 * Has it say of itself that it is a copy (see `Copied`), so that whoever starts on it knows. The numbers of alarms that
 * came since are not given again. What pagers have sent is not true any more: an alarm centre could take the next alarm
 * for one that it had.
 */
function prepare(copy: Database.Database, now: number | null): CopyFacts {
  const newest = numberOf(copy, "select max(number) from incidents");
  const known = loadCopied(copy);
  const lastAt = now === null ? loadNewestMoment(copy) : now;
  const isStill = now === null && known !== null && known.at >= lastAt;
  const at = isStill ? known.at : lastAt;
  if (hasSubjects(copy)) {
    copy.prepare("delete from settings where subject = 'pager-memory'").run();
    if (!isStill) saveCopied(copy, { at, upTo: newest, ended: {} });
  }
  copy.prepare("update sqlite_sequence set seq = max(seq, ?) where name = 'incidents'").run(newest + skippedNumbers);
  return { at, ...readState(copy), open: listOpen(copy) };
}

/** Writes into a copy which alarms are over since, as a person said; by their ids. */
export function saveEnded(path: string, ended: Copied["ended"]): void {
  using stack = new DisposableStack();
  const copy = stack.adopt(new Database(path, { fileMustExist: true }), closeDatabase);
  const known = loadCopied(copy);
  if (known !== null) saveCopied(copy, { ...known, ended });
}

function saveCopied(copy: Database.Database, copied: Copied): void {
  copy
    .prepare("insert or replace into settings (subject, name, value) values ('copied', 'database', ?)")
    .run(JSON.stringify(copied));
}

function loadCopied(copy: Database.Database): Copied | null {
  if (!hasSubjects(copy)) return null;
  const text = copy.prepare("select value from settings where subject = 'copied'").pluck().get();
  return typeof text === "string" ? (Copied.safeParse(JSON.parse(text)).data ?? null) : null;
}

/** Whether settings are stored by subject, as they are since the fourth migration. */
function hasSubjects(copy: Database.Database): boolean {
  return copy.prepare("select 1 from pragma_table_info('settings') where name = 'subject'").get() !== undefined;
}

/** When something last happened there, in epoch milliseconds. */
function loadNewestMoment(copy: Database.Database): number {
  const heard = [
    "select max(opened_at) from incidents",
    "select max(at) from history",
    "select max(received_at) from alarms",
    ...(hasSubjects(copy) ? ["select max(cast(value as integer)) from settings where subject = 'clock'"] : []),
  ];
  return Math.max(...heard.map((query) => numberOf(copy, query)));
}

function numberOf(copy: Database.Database, query: string): number {
  return Number(copy.prepare(query).pluck().get() ?? 0);
}

function listOpen(copy: Database.Database): readonly OpenInCopy[] {
  const rows = copy
    .prepare<[], Omit<OpenInCopy, "place"> & { place: unknown }>(
      `select id, number, opened_at as openedAt, case when json_valid(body) then body ->> '$.place' end as place
       from incidents where closed_at is null order by number`,
    )
    .all();
  return rows.map((row) => ({ ...row, place: typeof row.place === "string" ? row.place : null }));
}

function closeDatabase(database: Database.Database): void {
  database.close();
}
