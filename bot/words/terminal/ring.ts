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
  /** Asks to type what is pressed: its place, or its id where it has none. */
  readonly confirm: (expected: string) => string;
  readonly notConfirmed: string;
  readonly noTerminal: string;
  readonly sources: string;
  readonly more: (count: number) => string;
  readonly usage: string;
  readonly placeUnknown: string;
  /** How the running bot read the message of a test. */
  readonly read: Readonly<
    Record<
      "press" | "unreadable" | "no-press" | "refused" | "not-sent",
      (source: string, button: string, place: string) => string
    >
  >;
  readonly goesTo: (channel: string) => string;
  readonly notLinked: (channel: string) => string;
  readonly notRunning: (source: string) => string;
  readonly nobodyWarned: string;
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
    noAnswer: (address) =>
      `Geen antwoord op ${address}. Draait de bot? Start hem met: npm start, of als dienst: systemctl start rugdekking`,
    confirm: (expected) =>
      "Dit wordt een echt alarm: collega's krijgen een melding en de beveiliging wordt opgeroepen. " +
      `Weet je het zeker? Typ dan: ${expected}\n>`,
    notConfirmed: "Er is geen alarm gegeven.",
    noTerminal:
      "Er is geen alarm gegeven: er is hier niemand om te vragen of dat de bedoeling is. " +
      "Zet --yes achter de opdracht voor een echt alarm, of --test om niemand te waarschuwen.",
    sources: "Dit zijn de bronnen en hun knoppen:",
    more: (count) => `en nog ${count}`,
    usage:
      "Test een knop, zonder iemand te waarschuwen: npm run ring -- <bron> [knop] --test\n" +
      "Geef een echt alarm: npm run ring -- <bron> [knop]",
    placeUnknown: "plaats onbekend",
    read: {
      press: (source, button, place) => `Dit is voor ${source} een alarm van knop ${button}: ${place}.`,
      unreadable: (source) => `De bot kan het bericht van ${source} niet lezen. Er komt dan een alarm zonder plaats.`,
      "no-press": (source, button) =>
        `Dit is voor ${source} geen alarm: de bot doet niets als knop ${button} dit stuurt.`,
      refused: (source) =>
        `De bot weigert het bericht van ${source}. Misschien draait hij met een andere configuratie: start hem opnieuw.`,
      "not-sent": (source, button, place) =>
        `Bij ${source} is geen bericht gestuurd, want dat kan niet als test. Wel bekend: knop ${button}, ${place}.`,
    },
    goesTo: (channel) => `Een echt alarm komt in kanaal ${channel}.`,
    notLinked: (channel) =>
      `Kanaal ${channel} is nog niet gekoppeld. Bij een echt alarm wordt meteen de beveiliging opgeroepen.`,
    notRunning: (source) => `De bot die draait, kent ${source} niet. Start hem opnieuw met deze configuratie.`,
    nobodyWarned: "Er is niemand gewaarschuwd.",
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
    noAnswer: (address) =>
      `No answer at ${address}. Is the bot running? Start it with: npm start, or as a service: systemctl start rugdekking`,
    confirm: (expected) =>
      "This becomes a real alarm: colleagues are told and security is called. " +
      `Are you sure? Then type: ${expected}\n>`,
    notConfirmed: "No alarm was given.",
    noTerminal:
      "No alarm was given: there is nobody here to ask whether it is meant. " +
      "Put --yes behind the command for a real alarm, or --test to warn nobody.",
    sources: "These are the sources and their buttons:",
    more: (count) => `and ${count} more`,
    usage:
      "Test a button and warn nobody: npm run ring -- <source> [button] --test\n" +
      "Give a real alarm: npm run ring -- <source> [button]",
    placeUnknown: "place unknown",
    read: {
      press: (source, button, place) => `To ${source} this is an alarm of button ${button}: ${place}.`,
      unreadable: (source) => `The bot can't read the message of ${source}. It becomes an alarm without a place.`,
      "no-press": (source, button) =>
        `To ${source} this is no alarm: the bot does nothing when button ${button} sends it.`,
      refused: (source) =>
        `The bot refuses the message of ${source}. It may run with another configuration: restart it.`,
      "not-sent": (source, button, place) =>
        `Nothing was sent to ${source}, because that can't be done as a test. What is known: button ${button}, ${place}.`,
    },
    goesTo: (channel) => `A real alarm comes in channel ${channel}.`,
    notLinked: (channel) => `Channel ${channel} is not linked yet. A real alarm calls security at once.`,
    notRunning: (source) => `The bot that is running does not know ${source}. Restart it with this configuration.`,
    nobodyWarned: "Nobody was warned.",
  },
};
