import type { Language } from "../../domain/language.ts";
import { expected } from "./expected.ts";
import { expectedOfAdapters } from "./expected-of-adapters.ts";

const all = {
  nl: { ...expected.nl, ...expectedOfAdapters.nl },
  en: { ...expected.en, ...expectedOfAdapters.en },
};
type All = (typeof all)[Language];
type Code = keyof All;
type Values<C extends Code> = All[C] extends (...values: infer V extends readonly (string | number)[]) => string
  ? V
  : [];

/**
 * The message of a settings schema: which sentence says what is expected, with its values. A schema is made before
 * anybody knows in which language the file is to be explained.
 */
export function expects<C extends Code>(code: C, ...values: Values<C>): string {
  return JSON.stringify([code, ...values]);
}

/**
 * The sentence that such a message stands for, as do those among its values; null: it is no message of ours, but one of
 * the library's own.
 */
export function toExpected(message: string, language: Language): string | null {
  if (!message.startsWith('["')) return null;
  const [code, ...given]: [Code, ...(string | number)[]] = JSON.parse(message);
  const words: string | ((...values: never[]) => string) = all[language][code];
  if (typeof words === "string") return words;
  const values = given.map((value) => (typeof value === "string" ? (toExpected(value, language) ?? value) : value));
  return words(...(values as never[]));
}
