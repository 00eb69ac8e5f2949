import { isWeakSecret } from "../../kit/secrets/weak-secret.ts";
import type { Findings } from "../document/findings.ts";

/** Settings whose value somebody here chose; those that a provider gives out have other names, or are long enough. */
const chosen = new Set([
  "secret",
  "password",
  "key",
  "token",
  "webhookSecret",
  "metricsToken",
  "doctorToken",
  "guardKeys",
]);
/** A code that people type is short: only what anybody would try first is weak. */
const minDistinctOfCode = 3;

/** Finds secrets that can be guessed, wherever they stand in the file; `root` with its variables filled in. */
export function checkSecrets(root: unknown, findings: Findings): void {
  for (const [path, name, value] of findTexts(root, [])) {
    // A variable that is not set, or a file that can't be read, is a problem of its own.
    if (value.includes("${") || value.startsWith("file:")) continue;
    const isWeak =
      name === "linkCode" ? isWeakSecret(value, minDistinctOfCode) : chosen.has(name) && isWeakSecret(value);
    if (isWeak) findings.addWeakness(path, findings.words.warnings.guessable);
  }
}

/** Every text with its path and the last name in that. */
function findTexts(value: unknown, path: readonly string[]): (readonly [string, string, string])[] {
  if (typeof value === "string") return [[path.join("."), path.at(-1) ?? "", value]];
  if (Array.isArray(value)) return value.flatMap((each) => findTexts(each, path));
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, each]) => findTexts(each, [...path, name]));
}
