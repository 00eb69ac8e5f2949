import { readFileSync, statSync } from "node:fs";
import { isAbsolute } from "node:path";
import { toFileFault } from "../../kit/file-fault.ts";
import { isReadableByAll } from "../../kit/readable-by-all.ts";
import type { Path } from "./document.ts";
import type { Findings } from "./findings.ts";

const scheme = "file:";
/** The most that is read of one, in bytes: a key with its certificates is shorter. */
const maxBytes = 64 * 1024;
const expected = "a file with the value alone, at most 64 KiB, which only the user that runs the bot may read";

/** Whether a value says, as it is written, that it stands in a file. */
export function isInFile(text: string): boolean {
  return text.startsWith(scheme);
}

/**
 * Reads the value that stands in the file of `file:/run/secrets/name`, without one newline at its end. What is wrong
 * with the file is among the findings, which name it and show nothing of what it holds; then `text` is returned. Waits
 * for the disk.
 */
export function readInFile(text: string, path: Path, findings: Findings): string {
  const file = text.slice(scheme.length);
  if (!isAbsolute(file)) {
    findings.addUnknown(path, "there is no whole path of a file behind file:", "file:/run/secrets/name");
    return text;
  }
  const { value, fault } = readValue(file);
  if (value === null) {
    findings.addUnknown(path, `the file ${file} can't be used: ${fault}`, expected);
    return text;
  }
  if (isReadableByAll(file)) {
    findings.addWeaknessAt(path, `everybody with an account on this machine may read ${file}: chmod 600 it`);
  }
  return value;
}

/** The value in a file; null where there is none, with why not. */
function readValue(file: string): { readonly value: string | null; readonly fault: string } {
  try {
    // A pipe or a device may never end.
    const found = statSync(file);
    if (!found.isFile()) return { value: null, fault: "it is no file" };
    if (found.size > maxBytes) return { value: null, fault: "it is too long" };
    const value = readFileSync(file, "utf8").replace(/\r?\n$/, "");
    return value === "" ? { value: null, fault: "it is empty" } : { value, fault: "" };
  } catch (error) {
    return { value: null, fault: toFileFault(error) };
  }
}
