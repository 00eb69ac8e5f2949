import type { Language } from "../../domain/language.ts";

interface TeamsTestWords {
  /** Stands above everything that a test leaves in Teams. */
  readonly headline: string;
  readonly post: string;
  /** Takes the place of the sentence before, to show that a message can be edited. */
  readonly edited: string;
  readonly reply: string;
  readonly mention: string;
  /** Stands before the name of who is mentioned. */
  readonly label: string;
  /** For whoever is mentioned and has no name here. */
  readonly nameless: string;
  readonly chat: string;
  readonly ask: string;
  readonly button: string;
  /** The answer to who clicked. */
  readonly clicked: string;
  /** The answer to who clicked when the test was over. */
  readonly gone: string;
  /** What all of it says in the end. */
  readonly over: string;
}

/** What a test of Teams says in Teams. */
export const teamsTest = {
  nl: {
    headline: "TEST van Teams, geen alarm",
    post: "De beheerder test of Rugdekking hier berichten kan plaatsen. Je hoeft niets te doen.",
    edited: "De beheerder test of Rugdekking dit bericht kan wijzigen. Dat is gelukt. Je hoeft niets te doen.",
    reply: "De beheerder test of Rugdekking hier kan antwoorden. Je hoeft niets te doen.",
    mention: "De beheerder test of een collega een melding krijgt van een kaart. Verder hoeft niemand iets te doen.",
    label: "TEST voor",
    nameless: "collega",
    chat: "De beheerder test of jij een privébericht krijgt. Heb je een melding gezien of gehoord? Zeg dat tegen de beheerder.",
    ask: "De beheerder test of klikken op een kaart aankomt. Helpen? Klik op **Dit is een test**.",
    button: "Dit is een test",
    clicked: "Gelukt: je klik is aangekomen. Er is geen alarm.",
    gone: "Deze test is klaar. Er is geen alarm, en je klik heeft niets veranderd.",
    over: "De test is klaar. Je hoeft niets te doen.",
  },
  en: {
    headline: "TEST of Teams, no alarm",
    post: "The administrator tests whether Rugdekking can post messages here. There is nothing you have to do.",
    edited:
      "The administrator tests whether Rugdekking can edit this message. It can. There is nothing you have to do.",
    reply: "The administrator tests whether Rugdekking can reply here. There is nothing you have to do.",
    mention: "The administrator tests whether a card notifies a colleague. Nobody else has to do anything.",
    label: "TEST for",
    nameless: "colleague",
    chat: "The administrator tests whether you get a private message. Did you see or hear a notification? Tell the administrator.",
    ask: "The administrator tests whether clicks on a card arrive. Want to help? Click **This is a test**.",
    button: "This is a test",
    clicked: "It worked: your click has arrived. There is no alarm.",
    gone: "This test is over. There is no alarm, and your click has changed nothing.",
    over: "The test is over. There is nothing you have to do.",
  },
} satisfies Record<Language, TeamsTestWords>;
