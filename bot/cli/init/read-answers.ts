import { ConfigurationError, type ConfigurationProblem } from "../../config/configuration-error.ts";
import { parseYaml, valueAt } from "../../config/document/document.ts";
import { loadText } from "../../config/load-configuration.ts";
import { isReadableByAll } from "../../kit/readable-by-all.ts";
import { settingWordsIn } from "../../words/settings/setting-words.ts";
import { init } from "../../words/terminal/init.ts";
import { type Given, isAsked, questions, readAnswer, secretQuestions } from "./answers.ts";

/** Reads the answers in a file of YAML, a line each. Throws ConfigurationError with all that is wrong with it. */
export function readAnswers(file: string): Given {
  const document = parseYaml(file, loadText(file));
  const language = valueAt(document.value, ["language"]) === "en" ? "en" : "nl";
  const { problems: words, readings } = settingWordsIn(language);
  const { needed } = init[language];
  const given: Given = {};
  const problems: ConfigurationProblem[] = [];
  const report = (path: string, mistake: { wrong: string; expected: string }): void => {
    problems.push({ path, ...document.locate([path]), ...mistake });
  };
  for (const question of questions) {
    if (!isAsked(question, given)) continue;
    const found = valueAt(document.value, [question]);
    // Of 0042 without quotes a number would be left that no button has.
    const isText = typeof found === "string";
    if (!isText && found !== undefined && found !== null) {
      report(question, words.answerNoText);
      continue;
    }
    const read = readAnswer(question, isText ? found : "");
    if (read !== null) given[question] = read.value;
    else {
      const wrong = found === undefined ? readings.missing : readings.unusable;
      report(question, { wrong, expected: needed[question] });
    }
  }
  const known: readonly string[] = questions;
  const { value } = document;
  const keys = typeof value === "object" && value !== null ? Object.keys(value) : [];
  for (const key of keys.filter((each) => !known.includes(each)))
    report(key, { wrong: words.noQuestion, expected: readings.oneOf(known) });
  if (secretQuestions.some((question) => given[question] !== undefined) && isReadableByAll(file))
    report("", words.answersReadable(file));
  if (problems.length > 0) throw new ConfigurationError(file, problems, { language });
  return given;
}
