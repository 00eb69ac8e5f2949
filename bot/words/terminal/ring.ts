import type { Language } from "../../domain/language.ts";

export interface RingWords {
  /** The outcomes of a press. */
  readonly outcome: Readonly<Record<string, string>>;
  readonly answered: (status: number, outcome: string, incident: string) => string;
  readonly taken: (source: string) => string;
  readonly refused: (status: number, why: string) => string;
  readonly unknownSource: (source: string, known: string) => string;
  readonly typedOnly: (source: string) => string;
  readonly whichButton: (source: string) => string;
  readonly noAnswer: (address: string) => string;
}

/** What `npm run ring` says in the terminal. */
export const ring: Readonly<Record<Language, RingWords>> = {
  nl: {
    outcome: {
      opened: "nieuw alarm",
      repeated: "nog een keer gedrukt",
      verified: "bevestigd door een tweede knop",
      duplicate: "was al binnen",
      seen: "gezien",
    },
    answered: (status, outcome, incident) => `${status}: ${ring.nl.outcome[outcome] ?? outcome}, alarm ${incident}.`,
    taken: (source) => `Aangenomen door ${source}.`,
    refused: (status, why) => `${status}: niet aangenomen. ${why}`.trim(),
    unknownSource: (source, known) => `De bron ${source} staat niet in de configuratie. Wel: ${known}.`,
    typedOnly: (source) => `Een alarm van ${source} typ je in Teams: alarm, in een privéchat met de bot.`,
    whichButton: (source) => `Van ${source} staat geen knop in de configuratie. Noem er zelf een.`,
    noAnswer: (address) => `Geen antwoord op ${address}. Draait de bot? Start hem met: npm start`,
  },
  en: {
    outcome: {
      opened: "opened",
      repeated: "repeated",
      verified: "verified",
      duplicate: "duplicate",
      seen: "seen",
    },
    answered: (status, outcome, incident) => `${status}: ${ring.en.outcome[outcome] ?? outcome}, incident ${incident}.`,
    taken: (source) => `Taken by ${source}.`,
    refused: (status, why) => `${status}: not accepted. ${why}`.trim(),
    unknownSource: (source, known) => `The source ${source} is not in the configuration. It has: ${known}.`,
    typedOnly: (source) => `An alarm of ${source} is typed in Teams: alarm, in a private chat with the bot.`,
    whichButton: (source) => `The configuration has no button of ${source}. Name one yourself.`,
    noAnswer: (address) => `No answer at ${address}. Is the bot running? Start it with: npm start`,
  },
};
