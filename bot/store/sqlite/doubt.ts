import { closeSync, existsSync, openSync, rmSync } from "node:fs";

/**
 * An empty file beside a database in which damage was met. It stays until all of the database was looked through and
 * found whole, so that no start uses one that is damaged where a start does not look. `database`: its real name.
 */
function toMark(database: string): string {
  return `${database}.doubted`;
}

/** Throws what the disk refuses. */
export function noteDoubt(database: string): void {
  closeSync(openSync(toMark(database), "a", 0o600));
}

export function isDoubted(database: string): boolean {
  return existsSync(toMark(database));
}

/** Throws what the disk refuses; does nothing where there is none. */
export function endDoubt(database: string): void {
  rmSync(toMark(database), { force: true });
}
