import type { Language } from "../../domain/language.ts";

export interface AboutWords {
  what(organisation: string): string;
  /** For who sits in the room where a button is pressed, and for who asks what is kept of them. */
  privacy: readonly string[];
  privacyLink: string;
  /** `name`: of who is to be asked, the organisation itself where the configuration names nobody. */
  contact(name: string): string;
  /** Nobody who is in danger may think that this page helps. */
  notForAlarms: string;
}

/** Headings that are the same in both languages; `language` stands above all that is said in it. */
export const aboutHeadings = {
  page: "Rugdekking",
  privacy: "Privacy",
  contact: "Contact",
  language: { nl: "Nederlands", en: "English" },
} as const;

/** The page at the bot's own address, for whoever finds it: the links of the Teams app lead there. */
export const about = {
  nl: {
    what: (organisation) =>
      `Dit is de alarmdienst van ${organisation}. Wie op een alarmknop drukt, krijgt hulp van collega's. Komt er niemand, dan wordt de beveiliging gebeld.`,
    privacy: [
      "Er is geen camera en geen microfoon. Niemand wordt gevolgd.",
      "Over bezoekers en inwoners wordt niets bewaard.",
      "Bij een alarm wordt bewaard: welke knop, welke plaats, hoe laat, en welke collega's en beveiligers reageerden.",
      "Van een knop voor buiten ook waar die is, van het alarm tot het einde ervan.",
    ],
    privacyLink: "Lees de privacyverklaring",
    contact: (name) => `Vragen? Neem contact op met ${name}.`,
    notForAlarms: "Bent u in gevaar? Bel 112.",
  },
  en: {
    what: (organisation) =>
      `This is the alarm service of ${organisation}. Colleagues come to help whoever presses an alarm button. When nobody comes, security is called.`,
    privacy: [
      "There is no camera and no microphone. Nobody is followed.",
      "Nothing is kept about visitors and residents.",
      "Of an alarm this is kept: which button, which place, what time, and which colleagues and guards answered.",
      "Of a button for outside also where it is, from the alarm to its end.",
    ],
    privacyLink: "Read the privacy statement",
    contact: (name) => `Questions? Contact ${name}.`,
    notForAlarms: "Are you in danger? Call 112.",
  },
} satisfies Record<Language, AboutWords>;
