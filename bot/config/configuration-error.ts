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

/** The configuration can't be used. It holds everything that is wrong, so that all of it is put right in one go. */
export class ConfigurationError extends Error {
  override readonly name = "ConfigurationError";
  readonly file: string;
  readonly problems: readonly ConfigurationProblem[];
  constructor(file: string, problems: readonly ConfigurationProblem[], options?: ErrorOptions) {
    super(`The configuration has ${countProblems(problems)}.`, options);
    this.file = file;
    this.problems = problems;
  }
}

/** The report for a terminal, one paragraph per problem in the order of the file. */
export function toConfigurationReport(error: ConfigurationError): string {
  const paragraphs = error.problems.map(
    ({ path, line, column, wrong, shown, expected }) =>
      `  ${error.file}:${line}:${column}  ${path || "(the file)"}\n` +
      `    ${wrong}${shown === undefined ? "" : `: ${shown}`}; expected ${expected}`,
  );
  return `${error.file} can't be used: ${countProblems(error.problems)}.\n\n${paragraphs.join("\n\n")}\n`;
}

/** The warnings for a terminal, a line each, in the order of the file. */
export function toWarningReport(file: string, warnings: readonly ConfigurationWarning[]): string {
  const lines = warnings.map(({ line, text }) => `  ${file}:${line}  ${text}\n`);
  const count = warnings.length === 1 ? "1 warning" : `${warnings.length} warnings`;
  return `${file} has ${count}.\n\n${lines.join("")}`;
}

function countProblems(problems: readonly ConfigurationProblem[]): string {
  return problems.length === 1 ? "1 problem" : `${problems.length} problems`;
}
