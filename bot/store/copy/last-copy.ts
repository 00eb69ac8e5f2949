import { renameSync, writeFileSync } from "node:fs";
import { readFile, realpath } from "node:fs/promises";
import { toRealPath } from "../sqlite/database-path.ts";

/**
 * Notes beside the database when it was last copied, for doctor and metrics; not in it, because that would be of the
 * time before the copy. `at`: epoch milliseconds. Throws what the system refuses.
 */
export function saveLastCopy(database: string, at: number): void {
  const path = toNotePath(toRealPath(database));
  writeFileSync(`${path}.new`, `${new Date(at).toISOString()}\n`, { mode: 0o600 });
  renameSync(`${path}.new`, path);
}

/** When the database was last copied, in epoch milliseconds; null: that is not known. Never rejects. */
export async function loadLastCopy(database: string): Promise<number | null> {
  try {
    // Nothing here waits for the disk on the event loop. Where the database is gone its note is beside its path.
    const real = await realpath(database).catch(() => database);
    const at = Date.parse((await readFile(toNotePath(real), "utf8")).trim());
    return Number.isNaN(at) ? null : at;
  } catch {
    return null;
  }
}

function toNotePath(database: string): string {
  return `${database}.copied`;
}
