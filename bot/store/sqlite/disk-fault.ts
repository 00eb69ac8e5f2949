import { statSync } from "node:fs";
import { dirname } from "node:path";
import { MissingDatabase } from "./database-path.ts";

/** Of the system: the disk takes nothing, or can't be read. */
const systemCodes = new Set(["EROFS", "ENOSPC", "EDQUOT", "EIO"]);
/** Of SQLite (sqlite.org/rescode.html): the same. The extended codes begin like these. */
const sqliteCodes = /^SQLITE_(FULL|IOERR|READONLY)/;

/**
 * What SQLite says where it can take nothing, whatever it is asked (sqlite.org/rescode.html). Damage is none of them,
 * because nothing more is taken after that.
 */
const refusing = /^SQLITE_(FULL|IOERR|READONLY|BUSY|LOCKED|NOMEM|CANTOPEN|PROTOCOL)/;

/** The file holds something that SQLite can't have written. */
export class DamagedFile extends Error {
  override readonly name = "DamagedFile";
}

/** Damage was met in the file, and all of it has not been looked through since. */
export class DoubtedFile extends Error {
  override readonly name = "DoubtedFile";
}

/** Whether a statement met a damaged part of the file (sqlite.org/rescode.html#corrupt, #notadb). */
export function isDamage(error: unknown): boolean {
  const code = codeOf(error);
  return code !== null && /^SQLITE_(CORRUPT|NOTADB)/.test(code);
}

/** Whether a statement was refused because of the disk, the memory, or somebody who holds the file. */
export function isRefusal(error: unknown): boolean {
  const code = codeOf(error);
  return code !== null && (systemCodes.has(code) || refusing.test(code));
}

/**
 * Whether a database could not be opened because of its disk, so that there is something to protect, and not because
 * of a mistake in the configuration. A database that is there, or of which that can't be asked, or of which something
 * is left, is to be protected whatever the disk says; where there is none yet, only a disk that fails counts, in a
 * folder that is there.
 */
export function isDiskFault(error: unknown, path: string): boolean {
  if (error instanceof MissingDatabase) return true;
  const codes = toChain(error).map(codeOf);
  const isOfDisk = toChain(error).some(isOfFile) || codes.some((code) => code !== null);
  if (!isOfDisk) return false;
  const database = lookAt(path);
  if (database !== "missing") return database !== "folder";
  const isFailing = codes.some((code) => code !== null && (systemCodes.has(code) || sqliteCodes.test(code)));
  return isFailing && lookAt(dirname(path)) !== "missing";
}

function isOfFile(error: unknown): boolean {
  return error instanceof DamagedFile || error instanceof DoubtedFile;
}

function lookAt(path: string): "file" | "folder" | "missing" | "unknown" {
  try {
    return statSync(path).isDirectory() ? "folder" : "file";
  } catch (error) {
    const code = codeOf(error);
    return code === "ENOENT" || code === "ENOTDIR" ? "missing" : "unknown";
  }
}

/** The error and its causes. */
function toChain(error: unknown): unknown[] {
  return error instanceof Error ? [error, ...toChain(error.cause)] : [error];
}

/** The code of an error of the system or of SQLite. */
function codeOf(error: unknown): string | null {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : null;
}
