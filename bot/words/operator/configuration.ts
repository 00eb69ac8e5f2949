import type { Language } from "../../domain/language.ts";

interface ConfigurationWords {
  readonly refused: (file: string, count: number) => string;
  readonly good: (file: string) => string;
  readonly warned: (file: string, count: number) => string;
  /** Below what is wrong, of what would be allowed. */
  readonly warnedToo: (count: number) => string;
  /** The file as a whole, where a setting would be named. */
  readonly whole: string;
  /** `shown`: the value as it stands in the file; null where it may be a secret. */
  readonly mistake: (wrong: string, shown: string | null, expected: string) => string;
}

/** What stands around the lines about a configuration; what they say of each setting stands in `words/settings/`. */
export const configuration = {
  nl: {
    refused: (file, count) => `${file} is niet te gebruiken: ${count === 1 ? "1 fout" : `${count} fouten`}.`,
    good: (file) => `${file} is te gebruiken.`,
    warned: (file, count) =>
      `${file} is te gebruiken, met ${count === 1 ? "1 waarschuwing" : `${count} waarschuwingen`}.`,
    warnedToo: (count) => `Kijk dan ook hiernaar (${count === 1 ? "1 waarschuwing" : `${count} waarschuwingen`}):`,
    whole: "(het bestand)",
    mistake: (wrong, shown, expected) => `${wrong}${shown === null ? "" : `: ${shown}`}; verwacht: ${expected}`,
  },
  en: {
    refused: (file, count) => `${file} can't be used: ${count === 1 ? "1 problem" : `${count} problems`}.`,
    good: (file) => `${file} can be used.`,
    warned: (file, count) => `${file} can be used, with ${count === 1 ? "1 warning" : `${count} warnings`}.`,
    warnedToo: (count) => `Then look at this too (${count === 1 ? "1 warning" : `${count} warnings`}):`,
    whole: "(the file)",
    mistake: (wrong, shown, expected) => `${wrong}${shown === null ? "" : `: ${shown}`}; expected ${expected}`,
  },
} satisfies Record<Language, ConfigurationWords>;
