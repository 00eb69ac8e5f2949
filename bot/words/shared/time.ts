import type { Language } from "../../domain/language.ts";

const locales = { nl: "nl-NL", en: "en-GB" } satisfies Record<Language, string>;

// Making a formatter costs a hundred times what using it does, and every card and reply shows several times.
const formatters = new Map<string, { readonly clock: Intl.DateTimeFormat; readonly date: Intl.DateTimeFormat }>();

function formattersFor(timezone: string, language: Language) {
  const key = `${language} ${timezone}`;
  const known = formatters.get(key);
  if (known) return known;
  const made = {
    clock: new Intl.DateTimeFormat(locales[language], {
      timeZone: timezone,
      hour: "2-digit",
      minute: "2-digit",
      second: "2-digit",
      hourCycle: "h23",
    }),
    date: new Intl.DateTimeFormat(locales[language], {
      timeZone: timezone,
      day: "2-digit",
      month: "2-digit",
      year: "numeric",
    }),
  };
  formatters.set(key, made);
  return made;
}

/** `at` in epoch milliseconds UTC as a clock time with seconds in that time zone: "14:03:20". */
export function toClockTime(at: number, timezone: string, language: Language): string {
  return formattersFor(timezone, language).clock.format(at);
}

/** The same without seconds: "14:03". */
export function toMinute(at: number, timezone: string, language: Language): string {
  return toClockTime(at, timezone, language).slice(0, "14:03".length);
}

/** The same moment as a date: "24-11-2026". */
export function toDate(at: number, timezone: string, language: Language): string {
  return formattersFor(timezone, language).date.format(at);
}

/** As `toClockTime`, with the date before it: "24-11-2026 14:03:20". */
export function toDateTime(at: number, timezone: string, language: Language): string {
  return `${toDate(at, timezone, language)} ${toClockTime(at, timezone, language)}`;
}
