import type Database from "better-sqlite3";
import { DamagedFile, DoubtedFile } from "./disk-fault.ts";
import { endDoubt, isDoubted } from "./doubt.ts";

export interface FirstLookOptions {
  /** Its real name. */
  readonly path: string;
  /** Up to this size, in bytes, all of it is looked through; only tests set it. */
  readonly upTo?: number | undefined;
  /** Called before it looks through all of it. */
  readonly onLook?: (() => void) | undefined;
}

/** Years of incidents are 20 MB. This much takes half a second, and some seconds where the system has to read it. */
const usualUpTo = 64 * 2 ** 20;
/** Tables that grow with the years. Whoever reads a damaged page of these later ends the process. */
const growing: ReadonlySet<string> = new Set(["alarms", "boards", "history", "incidents", "messages"]);
/**
 * Looks whether a database can be trusted, before anything is taken: through all of it, or, where that would keep the
 * doors shut for long, through all tables that do not grow with the years and through what is open; the rest is
 * `PageWatch`'s. Throws DamagedFile, DoubtedFile, or what SQLite says of a part that it can't read.
 */
export function lookFirst(database: Database.Database, { path, upTo = usualUpTo, onLook }: FirstLookOptions): void {
  const size = Number(
    database.prepare("select page_count * page_size from pragma_page_count, pragma_page_size").pluck().get(),
  );
  if (size <= upTo) {
    onLook?.();
    requireOk(database, "");
    endDoubt(path);
    return;
  }
  if (isDoubted(path)) throw new DoubtedFile("damage was met in the database: first all of it is looked through");
  const tables = database.prepare<[], string>("select name from sqlite_schema where type = 'table'").pluck().all();
  for (const table of ["sqlite_schema", ...tables]) if (!growing.has(table)) requireOk(database, table);
  requireOpen(database);
}

/** Throws DamagedFile unless each page of that table and its indexes is as SQLite writes it; "": of all. */
function requireOk(database: Database.Database, table: string): void {
  const found = database.pragma(`integrity_check(${table === "" ? 1 : table})`, { simple: true });
  if (found !== "ok") throw new DamagedFile(`the database is damaged: ${String(found)}`);
}

/** Throws DamagedFile unless every open incident can be read, and is found by each index of those. */
function requireOpen(database: Database.Database): void {
  const find = (index: string, where: string) =>
    database
      .prepare<[], number>(`select number from incidents indexed by ${index} where closed_at is null ${where}`)
      .pluck()
      .all();
  const load = database.prepare<[number], { readonly fixedPlace: string | null; readonly body: string }>(
    `select by_number.fixed_place as fixedPlace, by_id.body
     from incidents by_number join incidents by_id on by_id.id = by_number.id
     where by_number.number = ? and by_number.closed_at is null`,
  );
  const open = new Map(find("incidents_next", "").map((number) => [number, load.get(number)]));
  const inPlaces = [...open].filter(([, row]) => row !== undefined && row.fixedPlace !== null);
  const isWhole =
    [...open.values()].every((row) => row !== undefined) &&
    isSame(find("incidents_open_button", ""), [...open.keys()]) &&
    isSame(
      find("incidents_open_place", "and fixed_place is not null"),
      inPlaces.map(([number]) => number),
    );
  if (!isWhole)
    throw new DamagedFile("the database is damaged: an index of what is open says otherwise than its table");
}

function isSame(found: readonly number[], expected: readonly number[]): boolean {
  const all = new Set(expected);
  return found.length === all.size && found.every((number) => all.has(number));
}
