import type { Language } from "../../domain/language.ts";

/**
 * What the bot says to one colleague: the state, then a paragraph a sentence. `**…**` is a button, a clock or what to
 * type.
 */
export interface VisitText {
  readonly headline: string;
  readonly text: readonly string[];
}

/** The same with a clock time in it: "14:03:20". */
type SaidBy = (clock: string) => VisitText;

/** Answers about a visit that are the same for everybody. */
export type VisitAnswerKind =
  | "visit-ended"
  | "no-visit"
  | "visit-unclear"
  | "visit-elsewhere"
  | "visit-failed"
  | "visit-pressed";

interface VisitWords {
  readonly answer: Readonly<Record<VisitAnswerKind, VisitText>>;
  readonly started: SaidBy;
  readonly ask: SaidBy;
  readonly askLast: SaidBy;
  /** Follows anything but a click on one of the buttons below it. */
  readonly noAnswer: string;
  /** Follows a call for help that is one in no alarm. */
  readonly help: string;
}

/** What the bot says to a colleague about their visit. */
export const visit = {
  nl: {
    answer: {
      "visit-ended": { headline: "✔️ Je bezoek is klaar", text: ["Ik vraag niets meer en sla geen alarm."] },
      "no-visit": {
        headline: "⚠️ Je hebt nu geen bezoek aangemeld",
        text: [
          "Heb ik al alarm geslagen? Bel dan een collega en vertel hoe het gaat.",
          "Een nieuw bezoek? Typ bijvoorbeeld **bezoek 45m**.",
        ],
      },
      "visit-unclear": {
        headline: "⚠️ Ik weet niet hoe lang je bezoek duurt",
        text: [
          "Ik heb niets veranderd. Typ het zo, met niets erachter: **bezoek 45m** of **bezoek 1u30**. Maximaal 12 uur.",
          "Ben je terug? Typ **bezoek klaar**.",
        ],
      },
      "visit-elsewhere": {
        headline: "⚠️ Een bezoek meld je in een privéchat met mij",
        text: ["Typ dit daar. Ik heb niets veranderd."],
      },
      "visit-failed": {
        headline: "🟥 Dat is niet gelukt",
        text: [
          "Reken er niet op dat ik je bezoek goed bewaar. Probeer het over een minuut nog een keer, of bel een collega.",
        ],
      },
      "visit-pressed": {
        headline: "🔔 Ik heb alarm geslagen",
        text: [
          "Je reageerde niet op mijn vragen over je bezoek. We geven het alarm nu door.",
          "Gaat het goed? Bel een collega en zeg dat. Het alarm blijft open tot een collega het afsluit.",
          "Hulp nodig? Bel een collega en vertel waar je bent. **Bel bij direct gevaar 112.**",
        ],
      },
    },
    started: (clock) => ({
      headline: `🚪 Je bezoek is aangemeld tot ${clock}`,
      text: [
        `Om **${clock}** vraag ik of het goed gaat. Eerder terug? Klik op **Ik ben klaar**.`,
        "Antwoord je niet? Dan vraag ik het na 2 minuten nog één keer. Na nog eens 2 minuten sla ik alarm.",
        "Ik weet niet waar je bent. Vertel aan een collega waar je heen gaat. Hulp nodig? Klik op **Alarm**.",
      ],
    }),
    ask: (clock) => ({
      headline: "❓ Gaat het goed?",
      text: [
        `Klik vóór **${clock}** op **Ik ben klaar** of **15 minuten langer**.`,
        "Antwoord je niet? Dan vraag ik het nog één keer.",
        "Hulp nodig? Klik op **Alarm**.",
      ],
    }),
    askLast: (clock) => ({
      headline: "❓ Laatste keer: gaat het goed?",
      text: [
        `Klik vóór **${clock}** op **Ik ben klaar** of **15 minuten langer**. Antwoord je niet? Dan sla ik alarm.`,
        "Hulp nodig? Klik op **Alarm**.",
      ],
    }),
    noAnswer: "Dit kan ik niet als antwoord lezen. Klik op een knop, dan weet ik het zeker.",
    help: "Ik heb nog geen alarm geslagen. Heb je hulp nodig? Klik op **Alarm**.",
  },
  en: {
    answer: {
      "visit-ended": { headline: "✔️ Your visit is done", text: ["I ask nothing more and raise no alarm."] },
      "no-visit": {
        headline: "⚠️ You have no visit announced now",
        text: [
          "Have I raised an alarm already? Then call a colleague and say how you are.",
          "A new visit? Type **visit 45m**, for instance.",
        ],
      },
      "visit-unclear": {
        headline: "⚠️ I don't know how long your visit takes",
        text: [
          "I have changed nothing. Type it like this, with nothing after it: **visit 45m** or **visit 1h30**. At most 12 hours.",
          "Are you back? Type **visit done**.",
        ],
      },
      "visit-elsewhere": {
        headline: "⚠️ Announce a visit in a private chat with me",
        text: ["Type this there. I have changed nothing."],
      },
      "visit-failed": {
        headline: "🟥 That did not work",
        text: ["Do not count on it that I know of your visit. Try again in a minute, or call a colleague."],
      },
      "visit-pressed": {
        headline: "🔔 I have raised an alarm",
        text: [
          "You did not answer my questions about your visit. We are passing the alarm on now.",
          "Is all well? Call a colleague and say so. The alarm stays open until a colleague closes it.",
          "Need help? Call a colleague and say where you are. **In immediate danger call 112.**",
        ],
      },
    },
    started: (clock) => ({
      headline: `🚪 Your visit is announced until ${clock}`,
      text: [
        `At **${clock}** I ask whether all is well. Back earlier? Click **I'm done**.`,
        "No answer? Then I ask once more after 2 minutes. After another 2 minutes I raise an alarm.",
        "I don't know where you are. Tell a colleague where you are going. Need help? Click **Alarm**.",
      ],
    }),
    ask: (clock) => ({
      headline: "❓ Is all well?",
      text: [
        `Click **I'm done** or **15 minutes longer** before **${clock}**.`,
        "No answer? Then I ask once more.",
        "Need help? Click **Alarm**.",
      ],
    }),
    askLast: (clock) => ({
      headline: "❓ Last time: is all well?",
      text: [
        `Click **I'm done** or **15 minutes longer** before **${clock}**. If there is no answer, I raise an alarm.`,
        "Need help? Click **Alarm**.",
      ],
    }),
    noAnswer: "I can't read this as an answer. Click a button, then I know for sure.",
    help: "I have raised no alarm yet. Do you need help? Click **Alarm**.",
  },
} satisfies Record<Language, VisitWords>;
