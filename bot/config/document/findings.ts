import type { ConfigurationProblem } from "../configuration-error.ts";
import type { Document, Path } from "./document.ts";

/** What is found wrong or worth saying while a configuration is read; gathered, to be reported at once. */
export interface Findings {
  /** In the order of the file. */
  readonly problems: readonly ConfigurationProblem[];
  readonly warnings: readonly string[];
  problem(path: Path, wrong: string, expected: string): void;
  /** A problem by which the value at that path can't be known: whatever else seems wrong with it is left out. */
  unknown(path: Path, wrong: string, expected: string): void;
  warning(text: string): void;
}

/** Gathers findings about `document`. */
export function openFindings(document: Document): Findings {
  const problems: ConfigurationProblem[] = [];
  const warnings: string[] = [];
  const unknowns = new Set<string>();
  const add = (path: Path, wrong: string, expected: string) =>
    problems.push({ path: toPathText(path), ...document.locate(path), wrong, expected });
  return {
    get problems() {
      return problems.toSorted((a, b) => a.line - b.line || a.column - b.column);
    },
    warnings,
    problem(path, wrong, expected) {
      if (!unknowns.has(toKey(path))) add(path, wrong, expected);
    },
    unknown(path, wrong, expected) {
      unknowns.add(toKey(path));
      add(path, wrong, expected);
    },
    warning(text) {
      warnings.push(text);
    },
  };
}

function toKey(path: Path): string {
  return JSON.stringify(path.map(String));
}

/** "policies.building.steps[1].page". What does not look like a name may be a secret in the wrong place. */
function toPathText(path: Path): string {
  return path
    .map((step) => {
      if (typeof step === "number") return `[${step}]`;
      return /^[A-Za-z][A-Za-z0-9-]{0,39}$/.test(String(step)) ? `.${String(step)}` : ".…";
    })
    .join("")
    .replace(/^\./, "");
}
