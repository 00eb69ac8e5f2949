import type { Language } from "../../domain/language.ts";
import type { TestClick, TestRefusal } from "../../domain/teams-test/teams-test.ts";
import { teamsTrouble } from "../operator/teams-trouble.ts";
import { toClockTime } from "../shared/time.ts";

interface DoctorTeamsWords {
  /** Why no test was started; `known`: the channels of the configuration. */
  readonly notStarted: Readonly<Record<TestRefusal, (channel: string, person: string, known: string) => string>>;
  readonly started: (channel: string, clock: string) => string;
  readonly alarmOpen: string;
  readonly look: (clock: string) => string;
  readonly enter: string;
  readonly click: (clock: string, client: string) => string;
  readonly clickOfUnknown: (clock: string) => string;
  readonly left: (count: number) => string;
  readonly unmarked: (count: number) => string;
  readonly next: string;
  readonly good: string;
  readonly notGood: string;
  readonly gone: string;
}

/** What the command `doctor teams` says in a terminal. */
export const doctorTeams = {
  nl: {
    notStarted: {
      "unknown-channel": (channel, _person, known) =>
        `Kanaal ${channel} staat niet in de configuratie. Wel: ${known}. Er is niets getest.`,
      "unknown-person": (_channel, person) =>
        `${person} staat niet in de configuratie. Geef de naam zoals die bij people staat, of de Entra-id. Er is niets getest.`,
      "several-people": (_channel, person) =>
        `Er zijn meer mensen met de naam ${person}. Geef de Entra-id. Er is niets getest.`,
      running: () => "Er loopt al een test van Teams. Wacht tot die klaar is: hooguit een kwartier.",
      "too-soon": () => "De vorige test is net gestart. Wacht een halve minuut, en probeer het opnieuw.",
    },
    started: (channel, clock) =>
      `We testen Teams in kanaal ${channel}, met berichten waar TEST op staat. De test stopt uiterlijk om ${clock}.`,
    alarmOpen: "Let op: er is nu een alarm. De test houdt dat niet op, maar er komen TEST-berichten in het kanaal.",
    look: (clock) =>
      [
        "Kijk nu zelf, op een computer, een iPhone en een Android-telefoon:",
        "  - Was er een melding van de kaart en van het privébericht?",
        "  - Klik op de knop op de kaart. Staat er dat het is gelukt?",
        "  - Start de test nog een keer met de telefoon in je zak. Hoorde of voelde je hem?",
        `We wachten op klikken tot ${clock}.`,
      ].join("\n"),
    enter: "Klaar met kijken? Druk op Enter.",
    click: (clock, client) => `klik aangekomen om ${clock}, van ${client}`,
    clickOfUnknown: (clock) => `klik aangekomen om ${clock}; Teams zegt niet van welk apparaat`,
    left: (count) =>
      count === 1
        ? "In Teams staat nog 1 bericht van de test. Je mag het verwijderen."
        : `In Teams staan nog ${count} berichten van de test. Je mag ze verwijderen.`,
    unmarked: (count) =>
      count === 1
        ? "Op 1 bericht kon niet worden gezet dat de test klaar is."
        : `Op ${count} berichten kon niet worden gezet dat de test klaar is.`,
    next: [
      "Probeer daarna dit, een voor een. Wacht elke keer 2 minuten, typ status in een ander kanaal, en herstel het weer.",
      `  - Haal de app uit het team. Dan staat er bij dit kanaal: ${teamsTrouble.nl.why.removed}`,
      "  - Blokkeer de app in het beheercentrum van Teams. Dan staat er hetzelfde.",
      `  - Archiveer het team. Dan staat er hetzelfde, of: ${teamsTrouble.nl.why["team-archived"]}`,
      `  - Laat alleen moderators plaatsen. Dat merkt de bot pas als Teams berichten weigert: in deze test, binnen een week, of bij een alarm. Dan staat er: ${teamsTrouble.nl.why["posts-refused"]}`,
      "Met troubles.tell hoor je dit ook buiten Teams. In /metrics staat rugdekking_teams_up dan op 0. En een alarm gaat meteen naar de beveiliging.",
    ].join("\n"),
    good: "Goed: alles wat is geprobeerd, is gelukt.",
    notGood: "Niet goed: niet alles is gelukt. Achter elke ✗ staat wat je kunt doen.",
    gone: "De bot is opnieuw gestart, en de test is er niet meer. Wat ervan in Teams staat, blijft staan.",
  },
  en: {
    notStarted: {
      "unknown-channel": (channel, _person, known) =>
        `Channel ${channel} is not in the configuration. It has: ${known}. Nothing was tested.`,
      "unknown-person": (_channel, person) =>
        `${person} is not in the configuration. Give the name as it stands in people, or the Entra id. Nothing was tested.`,
      "several-people": (_channel, person) =>
        `Several people have the name ${person}. Give the Entra id. Nothing was tested.`,
      running: () => "A test of Teams is running already. Wait until it is over: a quarter of an hour at most.",
      "too-soon": () => "The test before has only just started. Wait half a minute, and try again.",
    },
    started: (channel, clock) =>
      `We test Teams in channel ${channel}, with messages that say TEST. The test ends at ${clock} at the latest.`,
    alarmOpen: "Mind: there is an alarm now. The test does not hold it up, but TEST messages come in the channel.",
    look: (clock) =>
      [
        "Now look for yourself, on a computer, an iPhone and an Android phone:",
        "  - Was there a notification of the card and of the private message?",
        "  - Click the button on the card. Does it say that it worked?",
        "  - Start the test once more with the phone in your pocket. Did you hear or feel it?",
        `We wait for clicks until ${clock}.`,
      ].join("\n"),
    enter: "Done looking? Press Enter.",
    click: (clock, client) => `click arrived at ${clock}, from ${client}`,
    clickOfUnknown: (clock) => `click arrived at ${clock}; Teams does not say from which device`,
    left: (count) =>
      count === 1
        ? "1 message of the test still stands in Teams. You may delete it."
        : `${count} messages of the test still stand in Teams. You may delete them.`,
    unmarked: (count) =>
      count === 1
        ? "On 1 message it could not be said that the test is over."
        : `On ${count} messages it could not be said that the test is over.`,
    next: [
      "Then try this, one by one. Wait 2 minutes each time, type status in another channel, and undo it again.",
      `  - Take the app out of the team. Then it says of this channel: ${teamsTrouble.en.why.removed}`,
      "  - Block the app in the Teams admin centre. Then it says the same.",
      `  - Archive the team. Then it says the same, or: ${teamsTrouble.en.why["team-archived"]}`,
      `  - Let only moderators post. The bot notices that only when Teams refuses messages: in this test, within a week, or in an alarm. Then it says: ${teamsTrouble.en.why["posts-refused"]}`,
      "With troubles.tell you hear of this outside Teams as well. In /metrics rugdekking_teams_up is 0 then. And an alarm goes to security at once.",
    ].join("\n"),
    good: "Good: all that was tried works.",
    notGood: "Not good: not everything works. Behind each ✗ it says what you can do.",
    gone: "The bot was started anew, and the test is no longer there. What it left in Teams stays there.",
  },
} satisfies Record<Language, DoctorTeamsWords>;

/** The line about a click. */
export function toClickLine({ client, at }: TestClick, language: Language, timezone: string): string {
  const words = doctorTeams[language];
  const clock = toClockTime(at, timezone, language);
  return `  ${client === null ? words.clickOfUnknown(clock) : words.click(clock, client)}`;
}
