import { ConfigurationError, type ConfigurationProblem } from "../../config/configuration-error.ts";
import { parseYaml, valueAt } from "../../config/document/document.ts";
import { loadText } from "../../config/load-configuration.ts";
import { isReadableByAll } from "../../kit/readable-by-all.ts";
import { type Given, isAsked, questions, readAnswer, secretQuestions } from "./answers.ts";

/** Reads the answers in a file of YAML, a line each. Throws ConfigurationError with all that is wrong with it. */
export function readAnswers(file: string): Given {
  const document = parseYaml(file, loadText(file));
  const given: Given = {};
  const problems: ConfigurationProblem[] = [];
  const report = (path: string, wrong: string, expected: string): void => {
    problems.push({ path, ...document.locate([path]), wrong, expected });
  };
  for (const question of questions) {
    if (!isAsked(question, given)) continue;
    const found = valueAt(document.value, [question]);
    // Of 0042 without quotes a number would be left that no button has.
    const isText = typeof found === "string";
    if (!isText && found !== undefined && found !== null) {
      report(question, "YAML reads it as something else than a text", "the answer in quotes");
      continue;
    }
    const read = readAnswer(question, isText ? found : "");
    if ("value" in read) given[question] = read.value;
    else report(question, found === undefined ? "it is missing" : "it can't be used", read.expected);
  }
  const known: readonly string[] = questions;
  const { value } = document;
  const keys = typeof value === "object" && value !== null ? Object.keys(value) : [];
  for (const key of keys.filter((each) => !known.includes(each)))
    report(key, "there is no such question", `one of ${known.join(", ")}`);
  if (secretQuestions.some((question) => given[question] !== undefined) && isReadableByAll(file))
    report("", "it holds a secret, and everybody with an account on this machine may read it", `chmod 600 ${file}`);
  if (problems.length > 0) throw new ConfigurationError(file, problems);
  return given;
}
