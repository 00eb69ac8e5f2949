import type { DeliveryFailure, Outcome, PageReason, Verification } from "../../domain/incident/incident.ts";
import type { Language } from "../../domain/language.ts";

interface Terms {
  readonly and: string;
  readonly or: string;
  readonly placeUnknown: string;
  readonly locationUnknown: string;
  /** Of whoever is on a visit or carries the button; `usual`: a location. */
  readonly elsewhere: (usual: string) => string;
  readonly unreadable: (source: string) => string;
  /** Where that message may be from. */
  readonly lookAt: (places: string) => string;
  readonly more: (count: number) => string;
  readonly outcome: Readonly<Record<Outcome, string>>;
  readonly verification: Readonly<Record<Verification, string>>;
  readonly failure: Readonly<Record<DeliveryFailure | "guard-declined", string>>;
  readonly minutes: (count: number) => string;
  readonly late: (duration: string) => string;
  readonly mayBeRepeat: string;
}

/** Words that cards, threads and pages share. */
export const terms = {
  nl: {
    and: "en",
    or: "of",
    placeUnknown: "Plaats onbekend",
    locationUnknown: "Locatie onbekend",
    elsewhere: (usual) => `Misschien onderweg, meestal bij ${usual}`,
    unreadable: (source) => `Onleesbaar bericht van ${source}`,
    lookAt: (places) => `Ga kijken bij deze knoppen: ${places}.`,
    more: (count) => `en nog ${count}`,
    outcome: { real: "het was echt", false: "loos alarm", test: "het was een test" },
    verification: {
      none: "Nog niemand heeft bevestigd dat het echt is.",
      "second-button": "Er is op een tweede knop gedrukt op dezelfde plaats.",
      "second-person": "Twee personen hebben elk op hun eigen knop gedrukt.",
      witnessed: "Iemand ter plaatse zegt: het is echt.",
    },
    failure: {
      refused: "geweigerd",
      throttled: "te druk",
      unreachable: "onbereikbaar",
      misconfigured: "verkeerd ingesteld",
      "no-answer": "niemand heeft gereageerd",
      undelivered: "niet aangekomen",
      "guard-declined": "de beveiliger kan niet komen",
    },
    minutes: (count) => (count === 1 ? "1 minuut" : `${count} minuten`),
    late: (duration) => `Volgens de knop is er ${duration} eerder gedrukt.`,
    mayBeRepeat: "Dit kan een herhaling zijn van een alarm dat al is afgesloten. Ga toch kijken.",
  },
  en: {
    and: "and",
    or: "or",
    placeUnknown: "Place unknown",
    locationUnknown: "Location unknown",
    elsewhere: (usual) => `Maybe out, usually at ${usual}`,
    unreadable: (source) => `Unreadable message from ${source}`,
    lookAt: (places) => `Go and look at these buttons: ${places}.`,
    more: (count) => `and ${count} more`,
    outcome: { real: "it was real", false: "false alarm", test: "it was a test" },
    verification: {
      none: "Nobody has confirmed yet that it is real.",
      "second-button": "A second button was pressed at the same place.",
      "second-person": "Two people each pressed their own button.",
      witnessed: "Someone on the spot says: it is real.",
    },
    failure: {
      refused: "refused",
      throttled: "too busy",
      unreachable: "unreachable",
      misconfigured: "wrongly configured",
      "no-answer": "nobody answered",
      undelivered: "not delivered",
      "guard-declined": "the guard cannot come",
    },
    minutes: (count) => (count === 1 ? "1 minute" : `${count} minutes`),
    late: (duration) => `By the button it was pressed ${duration} earlier.`,
    mayBeRepeat: "This may be a repetition of an alarm that was closed already. Go and look anyway.",
  },
} satisfies Record<Language, Terms>;

/** Why security is paged: its reason, or `nobody-coming` where no colleague at all is on the way or there. */
export type Cause = PageReason | "nobody-coming";

/** The cause of a page with that reason; `responding`: how many colleagues were on the way or there, if known. */
export function toCause<Reason extends string>(reason: Reason, responding: number | undefined) {
  return reason === "unclaimed" && responding === 0 ? "nobody-coming" : reason;
}

/**
 * Says that by the device's clock the press lies `lateMs` milliseconds before its arrival. A clock that is ahead says
 * nothing.
 */
export function toLateSentence(lateMs: number, language: Language): string {
  const { minutes, late } = terms[language];
  return late(minutes(Math.max(1, Math.round(lateMs / 60_000))));
}
