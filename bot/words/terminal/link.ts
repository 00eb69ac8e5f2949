import type { Language } from "../../domain/language.ts";

interface LinkWords {
  /** `channels` are not linked yet; it may be none. */
  readonly code: (code: string, channels: readonly string[]) => string;
}

/** What the bot says in the terminal at its start where there is no team lead, and no code in the configuration. */
export const link = {
  nl: {
    code: (code, [first, ...more]) =>
      (first === undefined ? "" : `Nog niet gekoppeld: ${[first, ...more].join(", ")}. `) +
      `De code voor koppelen en testen is ${code}. Houd de code geheim. ` +
      "Als je zelf een code instelt (teams.linkCode), komt deze regel niet meer. " +
      (first === undefined
        ? `Testen: typ in Teams @Rugdekking test ${code}`
        : `Koppelen: ga in Teams naar het kanaal en typ @Rugdekking koppel ${first} ${code}`),
  },
  en: {
    code: (code, [first, ...more]) =>
      (first === undefined ? "" : `Not linked yet: ${[first, ...more].join(", ")}. `) +
      `The code to link and to test is ${code}. Keep it secret. ` +
      "Once you set a code yourself (teams.linkCode), this line comes no more. " +
      (first === undefined
        ? `To test: type in Teams @Rugdekking test ${code}`
        : `To link: go to the channel in Teams and type @Rugdekking link ${first} ${code}`),
  },
} satisfies Record<Language, LinkWords>;
