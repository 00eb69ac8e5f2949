import { existsSync, lstatSync, realpathSync, type Stats, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";

/** Where a database was there is none now; what is left of it must not be written over by a new one. */
export class MissingDatabase extends Error {
  override readonly name = "MissingDatabase";
}

/**
 * Throws when something else than a file stands there, for opening a pipe or a device may never end. Throws
 * MissingDatabase when a link stands there that leads nowhere. A path at which nothing stands is all right.
 */
export function requireFile(path: string): void {
  const found = lookAt(() => statSync(path));
  if (found?.isFile()) return;
  if (found !== null) {
    const what = found.isDirectory() ? "a folder" : "a pipe, a device or the like";
    throw new Error(`database: ${path} is ${what}. It has to be a file in a folder that this user may write to.`);
  }
  if (isLink(path)) throw new MissingDatabase("the database is a link that leads nowhere");
}

/**
 * Throws MissingDatabase when nothing but a write-ahead log is left of the database. SQLite would take that for left
 * over, and delete it (sqlite.org/wal.html).
 */
export function requireBase(path: string): void {
  if (!isEmpty(path) || isEmpty(`${path}-wal`)) return;
  throw new MissingDatabase(
    "the database is gone and its log (-wal) is still there: put the database back, or take the log away to begin anew",
  );
}

/** The path without links; of a file that is not there yet, that of its folder and its name. */
export function toRealPath(path: string): string {
  return existsSync(path) ? realpathSync(path) : join(realpathSync(dirname(path)), basename(path));
}

/** Whether a link stands there, wherever it leads. */
function isLink(path: string): boolean {
  return lookAt(() => lstatSync(path))?.isSymbolicLink() ?? false;
}

/** Whether no file stands there, or one without a byte. */
export function isEmpty(path: string): boolean {
  const found = lookAt(() => statSync(path));
  return found === null || (found.isFile() && found.size === 0);
}

/** Null where nothing is, or where that can't be asked: then whoever opens it meets the system's own refusal. */
function lookAt(ask: () => Stats): Stats | null {
  try {
    return ask();
  } catch {
    return null;
  }
}
