import type { Language } from "../../domain/language.ts";

interface SignOfLifeWords {
  /** Stands in a channel and is edited each day, so that who looks sees how long ago the bot still worked. */
  readonly works: (bot: string, date: string, time: string) => string;
}

/** The message in a channel that shows that the bot works. */
export const signOfLife = {
  nl: {
    works: (bot, date, time) =>
      `✅ ${bot} werkt: ${date} ${time}. Is dat langer dan een dag geleden? Bel de beheerder.`,
  },
  en: {
    works: (bot, date, time) =>
      `✅ ${bot} works: ${date} ${time}. Is that more than a day ago? Call the administrator.`,
  },
} satisfies Record<Language, SignOfLifeWords>;
