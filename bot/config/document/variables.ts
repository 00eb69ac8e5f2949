import type { Path } from "./document.ts";
import type { Findings } from "./findings.ts";

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Replaces `${NAME}` in the strings of a parsed value, once and never in keys: what stands in a variable can add no
 * settings. An empty variable counts as missing, since an empty secret or app id would open a door.
 */
export function replaceVariables(value: unknown, path: Path, environment: Environment, findings: Findings): unknown {
  if (typeof value === "string") return replaceInText(value, path, environment, findings);
  if (Array.isArray(value)) {
    return value.map((item: unknown, index) => replaceVariables(item, [...path, index], environment, findings));
  }
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, replaceVariables(item, [...path, key], environment, findings)]),
  );
}

function replaceInText(text: string, path: Path, environment: Environment, findings: Findings): string {
  return text.replace(/\$\{([^}]*)\}/g, (whole, name: string) => {
    if (!/^[A-Za-z_][A-Za-z0-9_]{0,63}$/.test(name)) {
      findings.addUnknown(path, `there is no name of a variable between \${ and }`, `\${NAME}`);
      return whole;
    }
    const found = environment[name];
    if (found) return found;
    findings.addUnknown(path, `the environment variable ${name} is not set`, `a value in ${name}`);
    return whole;
  });
}
