import { readFileSync, statSync } from "node:fs";
import { isAbsolute } from "node:path";
import type { Language } from "../../domain/language.ts";
import { isReadableByAll } from "../../kit/readable-by-all.ts";
import { fileFault, toFileFault } from "../../words/shared/file-fault.ts";
import type { Path } from "./document.ts";
import type { Findings } from "./findings.ts";

const scheme = "file:";
/** The most that is read of one, in bytes: a key with its certificates is shorter. */
const maxBytes = 64 * 1024;

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
    findings.addUnknown(path, findings.words.problems.noPath);
    return text;
  }
  const { value, fault } = readValue(file, findings.language);
  if (value === null) {
    findings.addUnknown(path, findings.words.problems.unusableFile(file, fault));
    return text;
  }
  if (isReadableByAll(file)) findings.addWeaknessAt(path, findings.words.warnings.readableByAll(file));
  return value;
}

/** The value in a file; null where there is none, with why not. */
function readValue(file: string, language: Language): { readonly value: string | null; readonly fault: string } {
  const faults = fileFault[language];
  try {
    // A pipe or a device may never end.
    const found = statSync(file);
    if (!found.isFile()) return { value: null, fault: faults.noFile };
    if (found.size > maxBytes) return { value: null, fault: faults.tooLong };
    const value = readFileSync(file, "utf8").replace(/\r?\n$/, "");
    return value === "" ? { value: null, fault: faults.empty } : { value, fault: "" };
  } catch (error) {
    return { value: null, fault: toFileFault(error, language) };
  }
}
