import type { Language } from "../../domain/language.ts";

export interface DeskWords {
  readonly title: string;
  readonly role: string;
  readonly quiet: string;
  readonly quietHint: string;
  /** The link of a page that no guard has answered, and of one that was answered. */
  readonly accept: string;
  readonly open: string;
  readonly answer: string;
  readonly noLink: string;
  readonly calledOff: string;
  readonly news: string;
  readonly received: string;
  readonly colleagues: (count: number) => string;
  readonly signature: string;
  readonly signed: string;
  readonly refused: (count: number) => string;
}

/** The guard desk of the demo: a stand-in for the alarm centre of a security firm. */
export const desk = {
  nl: {
    title: "Meldkamer",
    role: "Meldkamer van de beveiliging (demo)",
    quiet: "Geen oproepen",
    quietHint: "Gaat er geen collega? Dan komt de oproep hier binnen. U hoeft de pagina niet te verversen.",
    accept: "Reageren",
    open: "Open de oproep",
    answer: "Reactie",
    noLink: "Deze oproep heeft geen link. Bel de organisatie.",
    calledOff: "Niet meer nodig: deze oproep is ingetrokken.",
    news: "Er is nieuws over deze oproep.",
    received: "Ontvangen",
    colleagues: (count) => (count === 0 ? "Nog niemand onderweg" : `${count} onderweg of al ter plaatse`),
    signature: "Afzender",
    signed: "Handtekening klopt",
    refused: (count) => `Geweigerd, want de handtekening klopt niet: ${count}.`,
  },
  en: {
    title: "Guard desk",
    role: "Guard desk of the security firm (demo)",
    quiet: "No pages",
    quietHint: "If no colleague goes, the page arrives here. There is no need to reload.",
    accept: "Answer",
    open: "Open the page",
    answer: "Answered",
    noLink: "This page has no link. Call the organisation.",
    calledOff: "No longer needed: this page was called off.",
    news: "There is news about this page.",
    received: "Received",
    colleagues: (count) => (count === 0 ? "Nobody on the way yet" : `${count} on the way or there`),
    signature: "Sender",
    signed: "Signature is right",
    refused: (count) => `Refused, because the signature is wrong: ${count}.`,
  },
} satisfies Record<Language, DeskWords>;
