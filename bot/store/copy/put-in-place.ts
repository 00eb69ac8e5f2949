import {
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
  unlinkSync,
} from "node:fs";
import { dirname } from "node:path";
import { endDoubt } from "../sqlite/doubt.ts";

/** Of a disk that has no second names for files. */
const withoutLinks = new Set(["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EMLINK"]);

/**
 * Gives a finished file its name, in the same folder, and resolves once that is on disk. Throws with code EEXIST when
 * something has that name: nothing is ever written over.
 */
export function giveName(finished: string, name: string): void {
  try {
    linkSync(finished, name);
    unlinkSync(finished);
  } catch (error) {
    if (!withoutLinks.has(codeOf(error)) || existsSync(name)) throw error;
    renameSync(finished, name);
  }
  syncFolder(dirname(name));
}

/**
 * Puts a finished file in the place of the database `path`, which keeps a second name beside it, and returns that; null
 * when there was none. At no moment is there no database; a log (-wal) that could not be brought into it goes with it.
 */
export function replaceDatabase(finished: string, path: string, now: Date): string | null {
  const aside = existsSync(path) || existsSync(`${path}-wal`) ? `${path}.aside-${toStamp(now)}` : null;
  if (aside !== null) {
    for (const part of ["", "-wal"]) if (existsSync(`${path}${part}`)) linkSync(`${path}${part}`, `${aside}${part}`);
    syncFolder(dirname(path));
    // A log of another database would be written into the new one.
    for (const part of ["-wal", "-shm"]) rmSync(`${path}${part}`, { force: true });
  }
  renameSync(finished, path);
  // That was of the one before; this one was looked through as it was made.
  endDoubt(path);
  syncFolder(dirname(path));
  return aside;
}

/** A moment as part of a name: "20261129T070000Z". */
export function toStamp(now: Date): string {
  return now.toISOString().replace(/\.\d+/, "").replaceAll(/[-:]/g, "");
}

/** Whether two files are on one disk; a name at which nothing stands counts as its folder. */
export function isOnSameDisk(one: string, other: string): boolean {
  const diskOf = (path: string) => statSync(existsSync(path) ? path : dirname(path)).dev;
  return diskOf(one) === diskOf(other);
}

/** Puts on disk which names a folder has; not every disk lets itself be asked that. */
function syncFolder(folder: string): void {
  try {
    const handle = openSync(folder, "r");
    try {
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
  } catch {
    // The names are written all the same, a moment later.
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "";
}
