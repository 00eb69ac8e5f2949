import type { Language } from "../domain/language.ts";
import { configuration as words } from "../words/operator/configuration.ts";

/** One mistake in the configuration. Holds no value of a setting that may be a secret. */
export interface ConfigurationProblem {
  /** Path in the YAML: "policies.building.steps[1].page"; "" for the file as a whole. */
  readonly path: string;
  /** Both count from 1. */
  readonly line: number;
  readonly column: number;
  readonly wrong: string;
  /** The value as it stands in the file; left out where it may be a secret. */
  readonly shown?: string;
  readonly expected: string;
}

/** What is allowed in the configuration and still worth a line; it begins with the path in the YAML. */
export interface ConfigurationWarning {
  readonly line: number;
  readonly text: string;
}

interface ConfigurationErrorOptions extends ErrorOptions {
  /** In what language it is said; left out: Dutch, as where a file does not say. */
  readonly language?: Language;
}

/** The configuration can't be used. It holds everything that is wrong, so that all of it is put right in one go. */
export class ConfigurationError extends Error {
  override readonly name = "ConfigurationError";
  readonly file: string;
  readonly problems: readonly ConfigurationProblem[];
  readonly language: Language;
  constructor(
    file: string,
    problems: readonly ConfigurationProblem[],
    { language = "nl", ...options }: ConfigurationErrorOptions = {},
  ) {
    super(words[language].refused(file, problems.length), options);
    this.file = file;
    this.problems = problems;
    this.language = language;
  }
}

/** The report for a terminal, one paragraph per problem in the order of the file. */
export function toConfigurationReport({ file, problems, language }: ConfigurationError): string {
  const paragraphs = problems.map(
    ({ path, line, column, wrong, shown, expected }) =>
      `  ${file}:${line}:${column}  ${path || words[language].whole}\n` +
      `    ${words[language].mistake(wrong, shown ?? null, expected)}`,
  );
  return `${words[language].refused(file, problems.length)}\n\n${paragraphs.join("\n\n")}\n`;
}

/** The warnings for a terminal, a line each, in the order of the file. */
export function toWarningLines(file: string, warnings: readonly ConfigurationWarning[]): string {
  return warnings.map(({ line, text }) => `  ${file}:${line}  ${text}\n`).join("");
}
