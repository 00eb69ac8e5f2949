import type { Outcome } from "../../domain/incident/incident.ts";
import type { Language } from "../../domain/language.ts";

export interface RestoreWords {
  readonly inUse: string;
  readonly sameFile: string;
  readonly otherUser: string;
  readonly newer: (version: string) => string;
  readonly found: (moment: string) => string;
  readonly noneOpen: string;
  readonly open: (count: number) => string;
  readonly alarm: (number: number, place: string, moment: string) => string;
  /** As the present database has it. */
  readonly ended: (moment: string, outcome: string | null) => string;
  /** What is typed for each outcome; nothing for "it goes on". */
  readonly typed: Readonly<Record<Outcome, string>>;
  readonly ask: string;
  readonly askAgain: string;
  readonly goesOn: (number: number) => string;
  readonly presentUnread: string;
  readonly lost: (count: number) => string;
  readonly lostAlarm: (number: number, button: string, moment: string) => string;
  readonly askLost: string;
  readonly yes: string;
  readonly lostRefused: string;
  readonly stopped: string;
  readonly done: (database: string) => string;
  readonly aside: (file: string) => string;
  readonly start: string;
}

/** What `npm run restore` says. */
export const restore = {
  nl: {
    inUse: "De bot draait nog op deze database. Stop eerst de bot. Er is niets veranderd.",
    sameFile: "Dat is de database zelf. Noem een reservekopie. Er is niets veranderd.",
    otherUser:
      "Draai dit als de gebruiker van de bot, anders kan de bot de database niet lezen. Er is niets veranderd.",
    newer: (version) =>
      `Deze kopie is van een nieuwere versie (${version}). Gebruik de nieuwere versie van Rugdekking. Er is niets veranderd.`,
    found: (moment) => `Deze kopie is van ${moment}.`,
    noneOpen: "Toen was er geen alarm open.",
    open: (count) => (count === 1 ? "Toen was er 1 alarm open:" : `Toen waren er ${count} alarmen open:`),
    alarm: (number, place, moment) => `Alarm ${number}, ${place}, ${moment}.`,
    ended: (moment, outcome) =>
      `Volgens de huidige database is het afgesloten om ${moment}${outcome === null ? "" : `: ${outcome}`}.`,
    typed: { real: "echt", false: "loos", test: "test" },
    ask: "Is het afgesloten? Typ echt, loos of test. Weet je het niet? Druk op Enter, dan gaat het alarm door:",
    askAgain: "Typ echt, loos of test, of alleen Enter.",
    goesOn: (number) => `Alarm ${number} gaat door. De beveiliging wordt opgeroepen zodra de bot start.`,
    presentUnread: "Let op: de huidige database is niet te lezen. Welke alarmen daarin open zijn, weten we niet.",
    lost: (count) =>
      `Let op: ${count === 1 ? "dit open alarm staat" : "deze open alarmen staan"} niet in de kopie. Daarvoor wordt niemand meer gewaarschuwd:`,
    lostAlarm: (number, button, moment) => `Alarm ${number}, knop ${button}, ${moment}.`,
    askLost: "Is overal hulp? Typ ja om de kopie terug te zetten:",
    yes: "ja",
    lostRefused: "Zet de kopie terug op een terminal, zodat iemand dit kan bevestigen. Er is niets veranderd.",
    stopped: "Gestopt. Er is niets veranderd.",
    done: (database) => `Goed: de kopie staat in ${database}. Hij is nagekeken en in orde.`,
    aside: (file) => `De vorige database is bewaard in ${file}`,
    start: "Start nu de bot.",
  },
  en: {
    inUse: "The bot is still running on this database. Stop the bot first. Nothing has changed.",
    sameFile: "That is the database itself. Name a backup. Nothing has changed.",
    otherUser: "Run this as the bot's own user, or the bot can't read the database. Nothing has changed.",
    newer: (version) =>
      `This copy is of a newer version (${version}). Use the newer version of Rugdekking. Nothing has changed.`,
    found: (moment) => `This copy was made at ${moment}.`,
    noneOpen: "No alarm was open then.",
    open: (count) => (count === 1 ? "1 alarm was open then:" : `${count} alarms were open then:`),
    alarm: (number, place, moment) => `Alarm ${number}, ${place}, ${moment}.`,
    ended: (moment, outcome) =>
      `By the present database it was closed at ${moment}${outcome === null ? "" : `: ${outcome}`}.`,
    typed: { real: "real", false: "false", test: "test" },
    ask: "Is it closed? Type real, false or test. You don't know? Press Enter, and the alarm goes on:",
    askAgain: "Type real, false or test, or Enter alone.",
    goesOn: (number) => `Alarm ${number} goes on. Security is paged as soon as the bot starts.`,
    presentUnread: "Note: the present database can't be read. Which alarms are open in it is not known.",
    lost: (count) =>
      `Note: ${count === 1 ? "this open alarm is" : "these open alarms are"} not in the copy. Nobody will be warned of ${count === 1 ? "it" : "them"} any more:`,
    lostAlarm: (number, button, moment) => `Alarm ${number}, button ${button}, ${moment}.`,
    askLost: "Is there help everywhere? Type yes to put the copy back:",
    yes: "yes",
    lostRefused: "Put the copy back at a terminal, so that somebody can confirm this. Nothing has changed.",
    stopped: "Stopped. Nothing has changed.",
    done: (database) => `Good: the copy is in ${database}. It was looked through and is whole.`,
    aside: (file) => `The database of before was kept in ${file}`,
    start: "Start the bot now.",
  },
} satisfies Record<Language, RestoreWords>;
