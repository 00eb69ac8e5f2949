import type { DecisionReason } from "../../domain/incident/command.ts";
import type { Language } from "../../domain/language.ts";

type Refusals = Readonly<Partial<Record<DecisionReason, string>>>;

/** The answers to a click that was not allowed. */
export const refusal = {
  nl: {
    presser: "Dit is jouw alarm. Een collega moet dit doen.",
    "not-there": "Dat kan alleen iemand die ter plaatse is. Ben je er? Klik eerst op Ik ben er.",
    "already-closed": "Dit alarm is al afgesloten.",
    "not-allowed": "Dat kan nu niet. Kijk op de kaart hoe het staat.",
  },
  en: {
    presser: "This is your alarm. A colleague has to do this.",
    "not-there": "Only someone who is on the spot can do that. Are you there? Click I'm there first.",
    "already-closed": "This alarm is closed already.",
    "not-allowed": "That is not possible now. Look at the card to see how it stands.",
  },
} satisfies Record<Language, Refusals>;
