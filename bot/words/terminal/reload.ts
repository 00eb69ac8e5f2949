import type { Language } from "../../domain/language.ts";

export interface ReloadWords {
  readonly reloaded: string;
  /** Settings that differ and stay as they were, by their paths. */
  readonly needsRestart: (settings: readonly string[]) => string;
  /** Nothing has changed; why stands below it, a line each. */
  readonly refused: string;
  readonly restartNeeded: string;
  readonly notStored: string;
}

/** What `npm run config -- reload` says. */
export const reload = {
  nl: {
    reloaded: "Goed: de bot gebruikt de nieuwe configuratie.",
    needsRestart: (settings) => `Start de bot opnieuw voor: ${settings.join(", ")}. Die bleven zoals ze waren.`,
    refused: "Niet goed: er staan fouten in de configuratie. Er is niets veranderd.",
    restartNeeded: "Start de bot opnieuw: deze delen zijn nieuw, weg of van een ander type. Er is niets veranderd.",
    notStored: "Niet goed: de opslag neemt niets aan. Er is niets veranderd. In het log van de bot staat waarom.",
  },
  en: {
    reloaded: "Good: the bot goes by the new configuration.",
    needsRestart: (settings) => `Restart the bot for: ${settings.join(", ")}. Those stayed as they were.`,
    refused: "Not good: there are mistakes in the configuration. Nothing has changed.",
    restartNeeded: "Restart the bot: these parts are new, gone or of another type. Nothing has changed.",
    notStored: "Not good: the storage takes nothing. Nothing has changed. The bot's log says why.",
  },
} satisfies Record<Language, ReloadWords>;
