import type { Language } from "./language.ts";

const locales = { nl: "nl-NL", en: "en-GB" } satisfies Record<Language, string>;

/** `at` in epoch milliseconds UTC as a clock time with seconds in that time zone: "14:03:20". */
export function toClockTime(at: number, timezone: string, language: Language): string {
  return new Intl.DateTimeFormat(locales[language], {
    timeZone: timezone,
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    hourCycle: "h23",
  }).format(at);
}

/** As `toClockTime`, with the date before it: "24-11-2026 14:03:20". */
export function toDateTime(at: number, timezone: string, language: Language): string {
  const date = new Intl.DateTimeFormat(locales[language], {
    timeZone: timezone,
    day: "2-digit",
    month: "2-digit",
    year: "numeric",
  }).format(at);
  return `${date} ${toClockTime(at, timezone, language)}`;
}
