import type { Path } from "./document.ts";
import type { Findings } from "./findings.ts";
import { isInFile, readInFile } from "./secret-file.ts";

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Fills in what stands elsewhere: `${NAME}` in the strings of a parsed value, and the content of a file in the place of
 * a string that is written as `file:/path`. Once and never in keys: what stands there can add no settings, and names no
 * file either. An empty variable counts as missing, since an empty secret or app id would open a door.
 */
export function fillIn(value: unknown, path: Path, environment: Environment, findings: Findings): unknown {
  if (typeof value === "string") {
    const text = replaceInText(value, path, environment, findings);
    const isPathKnown = !text.includes("${");
    return isInFile(value) && isPathKnown ? readInFile(text, path, findings) : text;
  }
  if (Array.isArray(value)) {
    return value.map((item: unknown, index) => fillIn(item, [...path, index], environment, findings));
  }
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, fillIn(item, [...path, key], environment, findings)]),
  );
}

function replaceInText(text: string, path: Path, environment: Environment, findings: Findings): string {
  return text.replace(/\$\{([^}]*)\}/g, (whole, name: string) => {
    if (!/^[A-Za-z_][A-Za-z0-9_]{0,63}$/.test(name)) {
      findings.addUnknown(path, findings.words.problems.noVariableName);
      return whole;
    }
    const found = Object.hasOwn(environment, name) ? environment[name] : undefined;
    if (found) return found;
    findings.addUnknown(path, findings.words.problems.notInEnvironment(name));
    return whole;
  });
}
