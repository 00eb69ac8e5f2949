import type { Language } from "../../domain/language.ts";
import { type Problems, problems } from "./problems.ts";
import { type Readings, readings } from "./readings.ts";
import { type Warnings, warnings } from "./warnings.ts";

/** All that is said about settings of the configuration, in one language. */
export interface SettingWords {
  readonly language: Language;
  readonly problems: Problems;
  readonly readings: Readings;
  readonly warnings: Warnings;
}

export function settingWordsIn(language: Language): SettingWords {
  return { language, problems: problems[language], readings: readings[language], warnings: warnings[language] };
}
