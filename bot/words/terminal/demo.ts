import type { Language } from "../../domain/language.ts";

export interface DemoWords {
  /** What the configuration of the demo calls things: DEMO_… there. */
  readonly names: {
    readonly buttons: string;
    readonly desk: string;
    readonly room: string;
    readonly room_directions: string;
    readonly counter: string;
    readonly counter_directions: string;
  };
  readonly starting: string;
  readonly introduction: {
    readonly local: string;
    readonly teams: (address: string) => string;
    readonly desk: (address: string) => string;
    readonly press: (place: string) => string;
    readonly claim: (button: string, seconds: number) => string;
    readonly others: (buttons: string) => string;
    readonly chat: string;
    readonly ringTest: string;
    readonly stop: string;
  };
  readonly pressed: (button: string, place: string) => string;
  readonly placeUnknown: string;
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
  readonly wrong: (event: string, why: string) => string;
  readonly stopping: string;
}

/** What `npm run demo` says in the terminal. */
export const demo = {
  nl: {
    names: {
      buttons: "de alarmknoppen",
      desk: "de meldkamer",
      room: "Spreekkamer 3",
      room_directions: "Begane grond, links van de balie",
      counter: "Balie",
      counter_directions: "Hoofdingang, recht vooruit",
    },
    starting: "Rugdekking start…",
    introduction: {
      local: "Alles draait op deze machine en is alleen hier te zien.",
      teams: (address) => `Open Teams in een breed venster en kies links het kanaal Alarmen: ${address}`,
      desk: (address) => `Open de meldkamer van de beveiliging: ${address}`,
      press: (place) => `Druk hier op Enter. Dat is de alarmknop van ${place}.`,
      claim: (button, seconds) =>
        `Klik op de kaart op "${button}". Doet niemand dat binnen ${seconds} seconden, dan roepen we de beveiliging op.`,
      others: (buttons) => `Een andere knop? Typ eerst het nummer: ${buttons}.`,
      chat: "Geen knop bij de hand? Typ in Teams, in de privéchat met Rugdekking: alarm kamer 4.",
      ringTest:
        "Na tien minuten vraagt de bot aan wie dienst heeft of ze ons horen. In dat bericht staat TEST, en er is geen alarm.",
      stop: "Ctrl-C stopt alles.",
    },
    pressed: (button, place) => `Er is gedrukt op knop ${button} (${place}).`,
    placeUnknown: "plaats onbekend",
    nobodyLooks:
      "Er kijkt nog niemand mee in Teams. Open eerst adres 1. Wie later opent, ziet de berichten van nu niet.",
    accepting: "De beveiliger opent de link en antwoordt: ik kom.",
    succeeded: (seconds) =>
      `Gelukt, in ${seconds} ${seconds === 1 ? "seconde" : "seconden"}: alarm, kaart, oproep, en een beveiliger die komt.`,
    failed: (why) => `Niet gelukt: ${why}`,
    missing: {
      press: (status) => `de bot heeft het alarm niet aangenomen (${status}).`,
      card: "er kwam geen kaart in Teams.",
      page: "er kwam geen oproep bij de meldkamer.",
      acceptUrl: "in de oproep stond geen link.",
      answer: (status) => `het antwoord van de beveiliger kwam niet aan (${status}).`,
      accepted: "de bot weet niet dat de beveiliger komt.",
    },
    playgroundEnded: "De Agents Playground is gestopt. Daarom stopt de demo ook. Start hem opnieuw met: npm run demo",
    wrong: (event, why) => `Fout: ${event}. ${why}`.trim(),
    stopping: "Alles wordt gestopt…",
  },
  en: {
    names: {
      buttons: "the alarm buttons",
      desk: "the guard desk",
      room: "Interview room 3",
      room_directions: "Ground floor, left of the counter",
      counter: "Counter",
      counter_directions: "Main entrance, straight ahead",
    },
    starting: "Rugdekking is starting…",
    introduction: {
      local: "Everything runs on this machine and can be seen only here.",
      teams: (address) => `Open Teams in a wide window and choose the channel Alarmen on the left: ${address}`,
      desk: (address) => `Open the guard desk of the security firm: ${address}`,
      press: (place) => `Press Enter here. That is the alarm button of ${place}.`,
      claim: (button, seconds) =>
        `Click "${button}" on the card. If nobody does so within ${seconds} seconds, we call security.`,
      others: (buttons) => `Another button? Type its number first: ${buttons}.`,
      chat: "No button at hand? Type in Teams, in the private chat with Rugdekking: alarm room 4.",
      ringTest:
        "After ten minutes the bot asks who is on duty whether they hear us. That message says TEST, and there is no alarm.",
      stop: "Ctrl-C stops everything.",
    },
    pressed: (button, place) => `Button ${button} was pressed (${place}).`,
    placeUnknown: "place unknown",
    nobodyLooks: "Nobody looks at Teams yet. Open address 1 first: who opens it later does not see what was there.",
    accepting: "The guard at the desk follows the link and accepts.",
    succeeded: (seconds) =>
      `Done, in ${seconds} ${seconds === 1 ? "second" : "seconds"}: alarm, card, page, and a guard who is coming.`,
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
    wrong: (event, why) => `Error: ${event}. ${why}`.trim(),
    stopping: "Stopping everything…",
  },
} satisfies Record<Language, DemoWords>;
