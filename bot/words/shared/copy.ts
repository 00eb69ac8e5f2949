import type { Incident } from "../../domain/incident/incident.ts";
import type { Language } from "../../domain/language.ts";
import { toDate, toMinute } from "./time.ts";

interface CopyWords {
  /** Stands within a sentence, or alone where there is little room. */
  readonly mayBeOver: (clock: string) => string;
  readonly sentence: (words: string) => string;
}

/** What is said of an alarm that goes on from a copy of the database, until somebody answers it. */
export const copy = {
  nl: {
    mayBeOver: (clock) => `uit een reservekopie van ${clock}, kan al afgehandeld zijn`,
    sentence: (words) => `Let op: ${words}.`,
  },
  en: {
    mayBeOver: (clock) => `from a backup of ${clock}, may be over already`,
    sentence: (words) => `Note: ${words}.`,
  },
} satisfies Record<Language, CopyWords>;

/**
 * The words that it may be over since the copy was made, with the day where it went on on another one. `returned`: of
 * an incident that may be over; null: nobody has to be told that.
 */
export function toCopyWords(
  returned: NonNullable<Incident["returned"]> | null,
  timezone: string,
  language: Language,
): string | null {
  if (returned === null) return null;
  const day = toDate(returned.copiedAt, timezone, language);
  const clock = toMinute(returned.copiedAt, timezone, language);
  const isSameDay = day === toDate(returned.at, timezone, language);
  return copy[language].mayBeOver(isSameDay ? clock : `${day} ${clock}`);
}

/** Those words as a sentence; null where there are none. */
export function toCopySentence(words: string | null | undefined, language: Language): string | null {
  return words == null ? null : copy[language].sentence(words);
}

/** Whether that says all that is known of why somebody is paged: nobody has said since that help is still needed. */
export function isSaidByCopy(reason: string, words: string | null = null): boolean {
  return reason === "repeat" && words !== null;
}
