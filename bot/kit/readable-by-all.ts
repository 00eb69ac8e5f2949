import { statSync } from "node:fs";
import { dirname, resolve } from "node:path";

/** The rights of everybody else: to read a file, to go through a folder. */
const mayRead = 0o004;
const mayEnter = 0o001;

/**
 * Whether everybody with an account on this machine may read that file, as its mode and its folders' modes say. A file
 * that can't be looked at is none; nor is any on Windows, which has no such modes. Waits for the disk.
 */
export function isReadableByAll(path: string): boolean {
  if (process.platform === "win32" || !hasRight(resolve(path), mayRead)) return false;
  for (let folder = dirname(resolve(path)); ; folder = dirname(folder)) {
    if (!hasRight(folder, mayEnter)) return false;
    if (folder === dirname(folder)) return true;
  }
}

function hasRight(path: string, right: number): boolean {
  try {
    return (statSync(path).mode & right) !== 0;
  } catch {
    return false;
  }
}
