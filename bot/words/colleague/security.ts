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
  /** The states of a call-off, which says that security is no longer needed. */
  readonly callOff: Readonly<Record<CallOff["state"], string>>;
}

/** What a card says of external security; never that a human was reached when none answered. */
export const security = {
  nl: {
    queued: "wordt opgeroepen",
    started: "bericht wordt verstuurd",
    accepted: "bericht aangekomen, nog geen reactie",
    failed: (why) => `niet gelukt: ${why}`,
    failedNext: (why) => `niet gelukt: ${why}, nu op een andere manier`,
    answered: (clock) => `beveiliger komt (${clock})`,
    answeredBefore: "beveiliger reageerde eerder",
    lapsed: "beveiliger zou komen, maar is er nog niet",
    there: "beveiliger is ter plaatse",
    silent: "beveiliger was ter plaatse, reageert niet",
    callOff: {
      queued: "we melden dat het niet meer nodig is",
      taken: "bericht dat het niet meer nodig is, is aangekomen, nog niet bevestigd",
      failed: "weet NIET dat het voorbij is: bel zelf",
      impossible: "kan dit bericht niet ontvangen: bel zelf",
    },
  },
  en: {
    queued: "is being called",
    started: "message is being sent",
    accepted: "message arrived, no answer yet",
    failed: (why) => `failed: ${why}`,
    failedNext: (why) => `failed: ${why}, trying another way now`,
    answered: (clock) => `guard is coming (${clock})`,
    answeredBefore: "guard answered earlier",
    lapsed: "guard promised to come and is not there yet",
    there: "guard is there",
    silent: "guard was there and does not answer",
    callOff: {
      queued: "we are telling them that it is no longer needed",
      taken: "message that it is no longer needed has arrived, not confirmed yet",
      failed: "does NOT know that it is over: ring yourself",
      impossible: "can't receive this message: ring yourself",
    },
  },
} satisfies Record<Language, SecurityWords>;
