import type { Language } from "../../domain/language.ts";
import { channel } from "../../words/colleague/channel.ts";

/**
 * A length of time in milliseconds as people say it, at the coarseness at which it still matters: "40 s", "2 u 5 min",
 * "3 dagen".
 */
export function toAge(ms: number, language: Language): string {
  const words = channel[language].status;
  const minutes = Math.floor(ms / 60_000);
  if (minutes < 1) return words.seconds(Math.max(0, Math.floor(ms / 1000)));
  if (minutes < 60) return words.minutes(minutes);
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? words.hours(hours, minutes % 60) : words.days(Math.floor(hours / 24));
}
