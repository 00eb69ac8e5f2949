import type { Language } from "../../domain/language.ts";

export interface GuardButtonWords {
  accept: string;
  decline: string;
  /** Of somebody who was there before, or asked for help. */
  cannot: string;
  arrived: string;
  /** After a new press, when nobody knows yet how it is there. */
  stillThere: string;
  stillHere: string;
  help: string;
  /** Who somebody is who opened the link, when a guard has answered by it. */
  me: string;
  meSince(time: string): string;
  notAfterAll: string;
  another: string;
  /** Leads to the question that closes. */
  safe: string;
  safeReal: string;
  safeFalse: string;
  back: string;
  refresh: string;
  renewOff: string;
  renewOn: string;
}

/** The buttons of the guard's page: what the guard says, in the guard's own words. */
export const guardButtons = {
  nl: {
    accept: "Ik kom",
    decline: "Ik kom niet",
    cannot: "Ik kan niet",
    arrived: "Ik ben er",
    stillThere: "Ik ben er nog",
    stillHere: "Ik ben er nog, het gaat goed",
    help: "Ik heb hulp nodig",
    me: "Ja, dat ben ik",
    meSince: (time) => `Ja, ik antwoordde om ${time}`,
    notAfterAll: "Ja, maar ik kom toch niet",
    another: "Nee, ik ben een ander",
    safe: "Iedereen is veilig",
    safeReal: "Sluit af: het was echt",
    safeFalse: "Sluit af: het was loos alarm",
    back: "Terug",
    refresh: "Ververs deze pagina",
    renewOff: "Niet meer vanzelf verversen",
    renewOn: "Weer vanzelf verversen",
  },
  en: {
    accept: "I'm coming",
    decline: "I'm not coming",
    cannot: "I can't",
    arrived: "I'm there",
    stillThere: "I'm still there",
    stillHere: "I'm still here, all is well",
    help: "I need help",
    me: "Yes, that is me",
    meSince: (time) => `Yes, I answered at ${time}`,
    notAfterAll: "Yes, but I can't come after all",
    another: "No, I am somebody else",
    safe: "Everyone is safe",
    safeReal: "Close: it was real",
    safeFalse: "Close: it was a false alarm",
    back: "Back",
    refresh: "Refresh this page",
    renewOff: "Stop refreshing by itself",
    renewOn: "Refresh by itself again",
  },
} satisfies Record<Language, GuardButtonWords>;
