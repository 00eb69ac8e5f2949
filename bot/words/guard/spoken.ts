import type { Language } from "../../domain/language.ts";
import { levelFigures } from "../../kit/safe-text.ts";

/** What is spoken, in parts one after the other; a slow one is written down by whoever hears it. */
export type Speech = readonly (string | { readonly slow: string })[];

interface SpokenWords {
  readonly postcode: (signs: string) => string;
  /** Between two numbers of a house. */
  readonly dash: string;
  readonly slash: string;
  readonly plus: string;
  /** The addition of a ground floor, "hs". */
  readonly groundFloor: string;
}

/** How signs are called that nobody can hear. */
export const spoken = {
  nl: {
    postcode: (signs) => `postcode: ${signs}`,
    dash: "streepje",
    slash: "schuine streep",
    plus: "plus",
    groundFloor: "huis",
  },
  en: {
    postcode: (signs) => `postal code: ${signs}`,
    dash: "dash",
    slash: "slash",
    plus: "plus",
    groundFloor: "ground floor",
  },
} satisfies Record<Language, SpokenWords>;

/**
 * A Dutch address as it is said aloud: the postal code sign by sign, and what stands behind the number of a house by
 * itself ("12-A" is 12 A, "12-2" is 12 streepje 2), because a voice would make a word or a subtraction of them.
 */
export function toSpokenAddress(address: string, language: Language): string {
  const words: SpokenWords = spoken[language];
  return levelFigures(address)
    .replace(/(^|,\s*)([1-9]\d{3} ?[a-z]{2})(?=\s*(?:,|$)|\s+\p{Lu})/gu, (_, before: string, postcode: string) => {
      return `${before}${postcode.toUpperCase()}`;
    })
    .replace(/\b([1-9]\d{3} ?[A-Z]{2}) (?=\p{L})/gu, "$1, ")
    .split(/\b([1-9]\d{3} ?[A-Z]{2})\b/)
    .map((part, index) => (index % 2 === 1 ? words.postcode(spell(part)) : toSpokenStreet(part, words)))
    .join("");
}

function toSpokenStreet(part: string, { dash, slash, groundFloor }: SpokenWords): string {
  return part
    .replace(/(\d)(bis)\b/gi, "$1 $2")
    .replace(/(\d)\s*([A-Za-z])\s*[-–]\s*(?=\d)/g, `$1 $2 ${dash} `)
    .replace(/(\d)\s*[-–]\s*(?=\d)/g, `$1 ${dash} `)
    .replace(/(\d)\s*\/\s*(?=\d)/g, `$1 ${slash} `)
    .replace(/(\d)\s*[-–]\s*(?=[A-Za-z])/g, "$1 ")
    .replace(/(\d) ?([A-Za-z]{1,2}|[IVX]{3,4})(?=\s*(?:,|$))/g, (_, digit: string, letters: string) => {
      return `${digit} ${letters.toLowerCase() === "hs" ? groundFloor : spell(letters)}`;
    });
}

/**
 * A phone number digit by digit. In Dutch one of the Netherlands as it is dialled there; everybody else's, and in
 * English, with its country.
 */
export function toSpokenNumber(number: string, language: Language): string {
  if (language === "nl" && number.startsWith("+31")) return spell(`0${number.slice(3)}`);
  return `${spoken[language].plus}, ${spell(number.slice(1))}`;
}

/** Sign by sign, with a pause after each. */
function spell(text: string): string {
  return [...text.toUpperCase().replace(/\s/g, "")].join(", ");
}

/** The parts as they are said one after the other; what is not slow is one text. */
export function joinSpeech(parts: readonly (Speech[number] | null)[]): Speech {
  const said: Speech[number][] = [];
  for (const part of parts) {
    if (part === null) continue;
    const before = said.at(-1);
    if (typeof part === "string" && typeof before === "string") said[said.length - 1] = `${before} ${part}`;
    else said.push(part);
  }
  return said;
}
