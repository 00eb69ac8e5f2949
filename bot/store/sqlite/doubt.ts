import { existsSync, rmSync } from "node:fs";
import { open } from "node:fs/promises";

/**
 * An empty file beside a database in which damage was met. It stays until all of the database was looked through and
 * found whole, so that no start uses one that is damaged where a start does not look. `database`: its real name.
 */
function toMark(database: string): string {
  return `${database}.doubted`;
}

/** Rejects with what the disk refuses; takes as long as that does. */
export async function noteDoubt(database: string): Promise<void> {
  const mark = await open(toMark(database), "a", 0o600);
  await mark.close();
}

export function isDoubted(database: string): boolean {
  return existsSync(toMark(database));
}

/** Throws what the disk refuses; does nothing where there is none. */
export function endDoubt(database: string): void {
  rmSync(toMark(database), { force: true });
}
