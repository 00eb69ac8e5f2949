import type { Language } from "../../domain/language.ts";
import { type SettingWords, settingWordsIn } from "../../words/settings/setting-words.ts";
import type { ConfigurationProblem, ConfigurationWarning } from "../configuration-error.ts";
import { type Document, type Path, valueAt } from "./document.ts";
import { toShownValue } from "./shown-value.ts";

/** What is wrong with a value, and what is expected in its place; both in the language of the organisation. */
interface Mistake {
  readonly wrong: string;
  readonly expected: string;
}

/** Gathers problems and warnings while a configuration is read, so that they are reported at once. */
export class Findings {
  readonly words: SettingWords;
  readonly #document: Document;
  readonly #problems: ConfigurationProblem[] = [];
  readonly #warnings: ConfigurationWarning[] = [];
  readonly #weaknesses: string[] = [];
  readonly #unknowns = new Set<string>();

  constructor(document: Document) {
    this.#document = document;
    this.words = settingWordsIn(this.language);
  }

  /** Of the organisation, as far as the file says; else Dutch. */
  get language(): Language {
    return valueAt(this.#document.value, ["language"]) === "en" ? "en" : "nl";
  }

  /** In the order of the file. */
  get problems(): readonly ConfigurationProblem[] {
    return this.#problems.toSorted((a, b) => a.line - b.line || a.column - b.column);
  }

  get warnings(): readonly string[] {
    return this.#warnings.map(({ text }) => text);
  }

  /** The warnings with the lines that they are about, in the order of the file. */
  get locatedWarnings(): readonly ConfigurationWarning[] {
    return this.#warnings.toSorted((a, b) => a.line - b.line);
  }

  /** Those of the warnings that are about who else may get in. */
  get weaknesses(): readonly string[] {
    return this.#weaknesses;
  }

  addProblem(path: Path, mistake: Mistake): void {
    if (!this.#unknowns.has(toPathKey(path))) this.#add(path, mistake);
  }

  /** Adds a problem by which the value at that path can't be known; other problems with that value are left out. */
  addUnknown(path: Path, mistake: Mistake): void {
    this.#unknowns.add(toPathKey(path));
    this.#add(path, mistake);
  }

  /** `at`: the path of what it is about, such as "buttons[3]". */
  addWarning(at: string, text: string): void {
    this.#warnings.push({ text: `${at}: ${text}`, line: this.#document.locate(toWrittenPath(at)).line });
  }

  /** Adds a warning of what lets somebody in who should not be. It is a trouble too, until it is put right. */
  addWeakness(at: string, text: string): void {
    this.#weaknesses.push(`${at}: ${text}`);
    this.addWarning(at, text);
  }

  /** As `addWeakness`, of the value at that path. */
  addWeaknessAt(path: Path, text: string): void {
    this.addWeakness(toPathText(path), text);
  }

  #add(path: Path, { wrong, expected }: Mistake): void {
    const shown = toShownValue(path, valueAt(this.#document.value, path));
    const found = { wrong, ...(shown === null ? {} : { shown }), expected };
    this.#problems.push({ path: toPathText(path), ...this.#document.locate(path), ...found });
  }
}

function toPathKey(path: Path): string {
  return JSON.stringify(path.map(String));
}

/**
 * A path as text, such as "policies.building.steps[1].page". What does not look like a name may be a secret in the
 * wrong place, and is left out.
 */
function toPathText(path: Path): string {
  return path
    .map((step) => {
      if (typeof step === "number") return `[${step}]`;
      return /^[A-Za-z][A-Za-z0-9-]{0,39}$/.test(String(step)) ? `.${String(step)}` : ".…";
    })
    .join("")
    .replace(/^\./, "");
}

/** The path that is written so. */
function toWrittenPath(written: string): Path {
  return written.split(/[.[\]]+/).flatMap((step) => (step === "" ? [] : [/^\d+$/.test(step) ? Number(step) : step]));
}
