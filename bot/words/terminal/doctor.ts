import type { Language } from "../../domain/language.ts";

interface DoctorWords {
  readonly noToken: (line: string) => string;
  readonly notRunning: (url: string) => string;
  readonly wrongToken: string;
  readonly noDoor: string;
  readonly refused: (status: number) => string;
  readonly unreadable: string;
  readonly badWait: string;
  /** Asks before messages go out to people; `channel`: where, `person`: who else is rung, null for nobody. */
  readonly maySendPages: string;
  readonly maySendToTeams: (channel: string, person: string | null) => string;
  readonly notSent: string;
  readonly noTerminal: string;
  readonly started: (clock: string) => string;
  readonly proven: (moment: string) => string;
  readonly neverProven: string;
  readonly ask: (pager: string) => string;
  /** How an answer begins that means yes. */
  readonly yes: string;
  readonly notConfirmed: (pager: string) => string;
  readonly allAnswered: string;
  readonly notAllAnswered: string;
  readonly goesOn: (clock: string) => string;
}

/** What the command `doctor` says in a terminal. */
export const doctor = {
  nl: {
    noToken: (line) =>
      `De controle (doctor) mag nog niets testen. Zet deze regel in de configuratie en start de bot opnieuw:\n  ${line}`,
    notRunning: (url) =>
      `Er komt geen antwoord van ${url}. Draait de bot? Start hem met: npm start, of als dienst: systemctl start rugdekking`,
    wrongToken: "De bot kent deze doctorToken niet. Start de bot opnieuw met dezelfde configuratie.",
    noDoor: "De bot die draait, heeft geen doctorToken. Start hem opnieuw met deze configuratie.",
    refused: (status) => `De bot kan nu niet testen (${status}). In het log van de bot staat waarom.`,
    unreadable: "Het antwoord van de bot is niet te lezen. Draait daar een andere versie?",
    badWait: "--wait: geef een tijd zoals 30s, 5m of 1h.",
    maySendPages: "Dit stuurt via elke route een TEST naar de beveiliging. Doorgaan? (j/n)",
    maySendToTeams: (channel, person) =>
      `Dit plaatst een TEST in kanaal ${channel}${person === null ? "" : ` en roept ${person} op`}. Doorgaan? (j/n)`,
    notSent: "Er is niets verstuurd.",
    noTerminal: "Er is niets verstuurd: er is hier niemand om te vragen of dat mag. Zet --yes achter de opdracht.",
    started: (clock) => `Via elke route sturen we een bericht met het woord TEST. Een reactie telt tot ${clock}.`,
    proven: (moment) => `laatste reactie: ${moment}`,
    neverProven: "er heeft nog nooit iemand gereageerd",
    ask: (pager) => `${pager}: heeft iemand dit gezien? (j/n)`,
    yes: "j",
    notConfirmed: (pager) => `${pager}: dat kan niet meer.`,
    allAnswered: "Goed: overal heeft iemand gereageerd.",
    notAllAnswered: "Niet goed: niet overal heeft iemand gereageerd.",
    goesOn: (clock) => `De test loopt door tot ${clock}. Start de controle opnieuw om te zien hoe het staat.`,
  },
  en: {
    noToken: (line) =>
      `The doctor may not test anything yet. Put this line in the configuration and restart the bot:\n  ${line}`,
    notRunning: (url) =>
      `There is no answer from ${url}. Is the bot running? Start it with: npm start, or as a service: systemctl start rugdekking`,
    wrongToken: "The bot does not know this doctorToken. Restart the bot with the same configuration.",
    noDoor: "The bot that is running has no doctorToken. Restart it with this configuration.",
    refused: (status) => `The bot can't test now (${status}). The bot's log says why.`,
    unreadable: "The bot's answer can't be read. Is another version running there?",
    badWait: "--wait: give a time such as 30s, 5m or 1h.",
    maySendPages: "This sends a TEST to security by every route. Go on? (y/n)",
    maySendToTeams: (channel, person) =>
      `This posts a TEST in channel ${channel}${person === null ? "" : ` and rings ${person}`}. Go on? (y/n)`,
    notSent: "Nothing was sent.",
    noTerminal: "Nothing was sent: there is nobody here to ask whether it may be. Put --yes behind the command.",
    started: (clock) => `A message with the word TEST goes out by every route. An answer counts until ${clock}.`,
    proven: (moment) => `last answer of a human: ${moment}`,
    neverProven: "no human ever answered",
    ask: (pager) => `${pager}: has somebody seen this? (y/n)`,
    yes: "y",
    notConfirmed: (pager) => `${pager}: that is no longer possible.`,
    allAnswered: "Good: a human answered everywhere.",
    notAllAnswered: "Not good: a human did not answer everywhere.",
    goesOn: (clock) => `The test goes on until ${clock}. Start the doctor again to see how it stands.`,
  },
} satisfies Record<Language, DoctorWords>;
