import type { ConfigurationProblem } from "../configuration-error.ts";
import type { Document, Path } from "./document.ts";

/** What is found wrong or worth saying while a configuration is read; gathered, to be reported at once. */
export class Findings {
  readonly #document: Document;
  readonly #problems: ConfigurationProblem[] = [];
  readonly #warnings: string[] = [];
  readonly #unknowns = new Set<string>();

  constructor(document: Document) {
    this.#document = document;
  }

  /** In the order of the file. */
  get problems(): readonly ConfigurationProblem[] {
    return this.#problems.toSorted((a, b) => a.line - b.line || a.column - b.column);
  }

  get warnings(): readonly string[] {
    return this.#warnings;
  }

  problem(path: Path, wrong: string, expected: string): void {
    if (!this.#unknowns.has(toKey(path))) this.#add(path, wrong, expected);
  }

  /** A problem by which the value at that path can't be known: whatever else seems wrong with it is left out. */
  unknown(path: Path, wrong: string, expected: string): void {
    this.#unknowns.add(toKey(path));
    this.#add(path, wrong, expected);
  }

  warning(text: string): void {
    this.#warnings.push(text);
  }

  #add(path: Path, wrong: string, expected: string): void {
    this.#problems.push({ path: toPathText(path), ...this.#document.locate(path), wrong, expected });
  }
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
