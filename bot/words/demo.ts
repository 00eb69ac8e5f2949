import type { Language } from "./language.ts";

export interface DemoWords {
  readonly starting: string;
  readonly ready: (addresses: {
    readonly teams: string;
    readonly desk: string;
    readonly place: string;
    readonly claim: string;
    readonly seconds: number;
    readonly others: string;
  }) => string;
  readonly pressed: (button: string, place: string) => string;
  readonly nobodyLooks: string;
  readonly accepting: string;
  readonly succeeded: (seconds: number) => string;
  readonly failed: (why: string) => string;
  readonly missing: {
    readonly press: (status: number) => string;
    readonly card: string;
    readonly page: string;
    readonly acceptUrl: string;
    readonly answer: (status: number) => string;
    readonly accepted: string;
  };
  readonly playgroundEnded: string;
  readonly placeUnknown: string;
  readonly wrong: (event: string, why: string) => string;
  readonly stopping: string;
}

/** What `npm run demo` says in the terminal. */
export const demo = {
  nl: {
    starting: "Rugdekking start…",
    ready: ({ teams, desk, place, claim, seconds, others }) =>
      `
Alles draait op deze machine en is alleen hier te zien.

  1. Open Teams in een breed venster, en kies links het kanaal Alarmen:  ${teams}
  2. Open de meldkamer van de beveiliging:                               ${desk}
  3. Druk hier op Enter. Dat is de alarmknop van ${place}.

Klik op de kaart op "${claim}". Doet niemand dat binnen ${seconds} seconden, dan roepen we de beveiliging op.
Een andere knop? Typ eerst het nummer: ${others}. Ctrl-C stopt alles.
`,
    pressed: (button, place) => `\nEr is gedrukt op knop ${button} (${place}).`,
    nobodyLooks: "Er kijkt nog niemand mee in Teams: open eerst adres 1. Een pagina laat niet zien wat er al stond.",
    accepting: "De bewaker in de meldkamer klikt op de link en neemt de oproep aan.",
    succeeded: (seconds) => `Gelukt, in ${seconds} seconden: alarm, kaart, oproep, en een bewaker die komt.`,
    failed: (why) => `Niet gelukt: ${why}`,
    missing: {
      press: (status) => `de bot nam het alarm niet aan (${status}).`,
      card: "er kwam geen kaart in Teams.",
      page: "de meldkamer werd niet opgeroepen.",
      acceptUrl: "in de oproep stond geen link.",
      answer: (status) => `de bewaker kon de oproep niet aannemen (${status}).`,
      accepted: "de bot hoorde niet dat de bewaker komt.",
    },
    playgroundEnded: "De Agents Playground is gestopt. Daarom stopt de demo ook. Start hem opnieuw met: npm run demo",
    placeUnknown: "plaats onbekend",
    wrong: (event, why) => `Fout: ${event}. ${why}`.trim(),
    stopping: "Alles wordt gestopt…",
  },
  en: {
    starting: "Rugdekking is starting…",
    ready: ({ teams, desk, place, claim, seconds, others }) =>
      `
Everything runs on this machine and can be seen only here.

  1. Open Teams in a wide window, and choose the channel Alarmen on the left:  ${teams}
  2. Open the guard desk of the security firm:                                 ${desk}
  3. Press Enter here. That is the alarm button of ${place}.

Click "${claim}" on the card. If nobody does so within ${seconds} seconds, we call security.
Another button? Type its number first: ${others}. Ctrl-C stops everything.
`,
    pressed: (button, place) => `\nButton ${button} was pressed (${place}).`,
    nobodyLooks: "Nobody looks at Teams yet: open address 1 first. A page does not show what stood there before.",
    accepting: "The guard at the desk follows the link and accepts.",
    succeeded: (seconds) => `Done, in ${seconds} seconds: alarm, card, page, and a guard who is coming.`,
    failed: (why) => `Failed: ${why}`,
    missing: {
      press: (status) => `the bot did not accept the alarm (${status}).`,
      card: "no card came in Teams.",
      page: "the guard desk was not paged.",
      acceptUrl: "there was no link in the page.",
      answer: (status) => `the guard could not accept (${status}).`,
      accepted: "the bot did not hear that the guard is coming.",
    },
    playgroundEnded: "The Agents Playground has ended, so the demo ends too. Start it again with: npm run demo",
    placeUnknown: "place unknown",
    wrong: (event, why) => `Error: ${event}. ${why}`.trim(),
    stopping: "Stopping everything…",
  },
} satisfies Record<Language, DemoWords>;
