import type { CallOff } from "../../domain/incident/incident.ts";
import type { Language } from "../../domain/language.ts";

/** The states of one way to external security, on a card. */
interface SecurityWords {
  readonly queued: string;
  readonly started: string;
  readonly accepted: string;
  readonly failed: (why: string) => string;
  readonly failedNext: (why: string) => string;
  readonly answered: (clock: string) => string;
  readonly answeredBefore: string;
  readonly lapsed: string;
  readonly there: string;
  readonly silent: string;
  readonly wasPaged: string;
  /** The states of a call-off, which says that security is no longer needed. */
  readonly callOff: Readonly<Record<CallOff["state"], string>>;
}

/** What a card says of external security; never that a human was reached when none answered. */
export const security = {
  nl: {
    queued: "wordt opgeroepen",
    started: "bericht gaat eruit",
    accepted: "heeft het bericht, nog geen mens",
    failed: (why) => `niet gelukt: ${why}`,
    failedNext: (why) => `niet gelukt: ${why}, nu op een andere manier`,
    answered: (clock) => `bewaker komt (${clock})`,
    answeredBefore: "bewaker gaf eerder antwoord",
    lapsed: "bewaker zou komen, maar is er niet",
    there: "bewaker is er",
    silent: "bewaker was er, geeft geen antwoord",
    wasPaged: "was opgeroepen",
    callOff: {
      queued: "we zeggen nu af",
      taken: "afgezegd, dat bericht is daar binnen",
      failed: "weet NIET dat het voorbij is: bel zelf",
      impossible: "kan zo geen afzegging krijgen: bel zelf",
    },
  },
  en: {
    queued: "is being called",
    started: "message is going out",
    accepted: "has the message, no human yet",
    failed: (why) => `failed: ${why}`,
    failedNext: (why) => `failed: ${why}, trying another way now`,
    answered: (clock) => `guard is coming (${clock})`,
    answeredBefore: "guard answered earlier",
    lapsed: "guard promised to come and is not there",
    there: "guard is there",
    silent: "guard was there and does not answer",
    wasPaged: "was called",
    callOff: {
      queued: "being called off now",
      taken: "called off, they have that message",
      failed: "does NOT know that it is over: ring yourself",
      impossible: "can't be called off this way: ring yourself",
    },
  },
} satisfies Record<Language, SecurityWords>;
