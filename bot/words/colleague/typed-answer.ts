import type { Language } from "../../domain/language.ts";
import type { VisitText } from "./visit.ts";

/**
 * What is not sure before a button is clicked: which alarm, what is meant, who or what is safe, how it ended; whether
 * it is over or there is danger anew, of who may close it (`new-danger`) and who may not (`still-open`); whether they
 * need help, because what they typed is not understood.
 */
export type AskedAbout = "alarm" | "meaning" | "safe" | "outcome" | "new-danger" | "still-open" | "help";

interface TypedAnswerWords {
  readonly ask: Readonly<Record<AskedAbout, VisitText>>;
  /** Follows the alarms that fit a card. */
  readonly more: (count: number) => string;
  /** Once it is on disk. */
  readonly done: Readonly<Record<"claim" | "decline" | "arrive" | "help", VisitText>>;
  /** While it is in memory only. */
  readonly kept: Readonly<Record<"answer" | "help", VisitText>>;
  readonly notKept: Readonly<Record<"answer" | "help", VisitText>>;
  /** Stands over why it was not allowed. */
  readonly refused: string;
  readonly nothingOpen: VisitText;
  readonly closed: string;
  readonly closedBy: (name: string, clock: string) => string;
  /** A message that was an answer has another text now, or is gone. */
  readonly standing: VisitText;
  /** Who pressed has asked for help in words: they pressed again. */
  readonly pressedAgain: VisitText;
  /** Who pressed has typed something else. */
  readonly own: VisitText;
}

/** What the bot says to a colleague who typed an answer to an alarm. Never that somebody was reached. */
export const typedAnswer = {
  nl: {
    ask: {
      alarm: { headline: "❓ Voor welk alarm is dat?", text: ["Ik heb nog niets genoteerd. Klik op een knop."] },
      meaning: {
        headline: "❓ Wat bedoel je?",
        text: ["Ik heb nog niets genoteerd. Klik op een knop, dan weet ik het zeker."],
      },
      safe: {
        headline: "❓ Ben jij veilig, of is het alarm voorbij?",
        text: [
          "Gaat het goed met je? Klik op **Het gaat goed**.",
          "Is het alarm voorbij? Klik op hoe het afliep. Dan sluit ik het alarm af.",
        ],
      },
      outcome: {
        headline: "❓ Hoe is het alarm afgelopen?",
        text: ["Klik op een knop. Pas dan is het alarm afgesloten."],
      },
      "new-danger": {
        headline: "❓ Is het alarm voorbij, of is er nieuw gevaar?",
        text: [
          "Is er nieuw gevaar? Klik op **Alarm**.",
          "Is het alarm voorbij? Klik op hoe het afliep. Dan sluit ik het alarm af.",
        ],
      },
      "still-open": {
        headline: "❓ Is het alarm voorbij, of is er nieuw gevaar?",
        text: [
          "Is er nieuw gevaar? Klik op **Alarm**.",
          "Het alarm staat nog open. Wie ter plaatse is of een teamleider sluit het af.",
        ],
      },
      help: {
        headline: "❓ Dit begrijp ik niet. Heb je hulp nodig?",
        text: [
          "Ik heb nog niets genoteerd. Klik op **Ik heb hulp nodig** of typ **hulp**.",
          "**Bel bij direct gevaar 112, als je dat kunt.**",
        ],
      },
    },
    more: (count) =>
      count === 1
        ? "Er staat nog 1 alarm open. Kijk in het kanaal."
        : `Er staan nog ${count} alarmen open. Kijk in het kanaal.`,
    done: {
      claim: {
        headline: "✔️ Genoteerd: je gaat",
        text: ["Ben je er? Typ **ben er**. Kun je toch niet? Typ **kan niet**."],
      },
      decline: { headline: "✔️ Genoteerd: je kunt niet", text: ["Kun je toch? Typ **ik ga**."] },
      arrive: {
        headline: "✔️ Genoteerd: je bent er",
        text: ["Hulp nodig? Typ **hulp**. Is het voorbij? Typ **afsluiten**."],
      },
      help: {
        headline: "🆘 Je vraag om hulp is binnen",
        text: ["We geven je vraag nu door.", "**Bel bij direct gevaar 112, als je dat kunt.**"],
      },
    },
    kept: {
      answer: {
        headline: "⏳ Je antwoord is nog niet opgeslagen",
        text: [
          "Je collega's zien het nog niet. We blijven het proberen.",
          "Kijk straks op de kaart in het kanaal of het er staat. Klik anders nog een keer.",
        ],
      },
      help: {
        headline: "🟥 Je vraag om hulp is nog niet opgeslagen",
        text: ["**Bel zelf een collega of 112.**", "We blijven het proberen. Reken daar niet op."],
      },
    },
    notKept: {
      answer: {
        headline: "🟥 Je antwoord is niet opgeslagen",
        text: ["Klik nog een keer. Lukt het niet? Bel een collega."],
      },
      help: {
        headline: "🟥 Je vraag om hulp is niet opgeslagen",
        text: ["**Bel zelf een collega of 112.**", "Klik nog een keer, als je dat kunt."],
      },
    },
    refused: "⚠️ Ik heb niets genoteerd",
    nothingOpen: {
      headline: "⚠️ Ik heb niets genoteerd",
      text: [
        "Er staat geen alarm open waarop je hier kunt antwoorden.",
        "Zie je een kaart in het kanaal? Antwoord dan daar.",
      ],
    },
    closed: "⬛ Dat alarm staat niet meer open",
    closedBy: (name, clock) => `Dat alarm is afgesloten door ${name} om ${clock}.`,
    standing: {
      headline: "⚠️ Je antwoord blijft staan",
      text: [
        "Een bericht wijzigen of verwijderen verandert je antwoord niet.",
        "Klopt je antwoord niet meer? Typ een nieuw bericht.",
      ],
    },
    pressedAgain: {
      headline: "🔔 Je alarm is opnieuw binnen",
      text: ["We geven het nu nog een keer door.", "**Bel bij direct gevaar 112, als je dat kunt.**"],
    },
    own: {
      headline: "🔔 Je alarm staat open",
      text: [
        "Dit begrijp ik niet. Je alarm staat nog open. Wie ter plaatse is of een teamleider sluit het alarm af.",
        "Gaat het slechter? Klik op **Ik heb hulp nodig** of typ **hulp**.",
      ],
    },
  },
  en: {
    ask: {
      alarm: { headline: "❓ Which alarm is that for?", text: ["I have noted nothing yet. Click a button."] },
      meaning: {
        headline: "❓ What do you mean?",
        text: ["I have noted nothing yet. Click a button, then I know for sure."],
      },
      safe: {
        headline: "❓ Are you safe, or is the alarm over?",
        text: [
          "Are you well? Click **All is well**.",
          "Is the alarm over? Click how it ended. Then I close the alarm.",
        ],
      },
      outcome: {
        headline: "❓ How did the alarm end?",
        text: ["Click a button. Only then is the alarm closed."],
      },
      "new-danger": {
        headline: "❓ Is the alarm over, or is there new danger?",
        text: [
          "Is there new danger? Click **Alarm**.",
          "Is the alarm over? Click how it ended. Then I close the alarm.",
        ],
      },
      "still-open": {
        headline: "❓ Is the alarm over, or is there new danger?",
        text: [
          "Is there new danger? Click **Alarm**.",
          "The alarm is still open. Whoever is on the spot, or a team lead, closes it.",
        ],
      },
      help: {
        headline: "❓ I don't understand this. Do you need help?",
        text: [
          "I have noted nothing yet. Click **I need help** or type **help**.",
          "**In immediate danger call 112, if you can.**",
        ],
      },
    },
    more: (count) =>
      count === 1
        ? "1 more alarm is open. Look in the channel."
        : `${count} more alarms are open. Look in the channel.`,
    done: {
      claim: {
        headline: "✔️ Noted: you are going",
        text: ["Are you there? Type **I'm there**. Can't you go after all? Type **can't**."],
      },
      decline: { headline: "✔️ Noted: you can't", text: ["Can you after all? Type **I'm going**."] },
      arrive: { headline: "✔️ Noted: you are there", text: ["Need help? Type **help**. Is it over? Type **close**."] },
      help: {
        headline: "🆘 Your call for help has been received",
        text: ["We are passing it on now.", "**In immediate danger call 112, if you can.**"],
      },
    },
    kept: {
      answer: {
        headline: "⏳ Your answer is not saved yet",
        text: [
          "Your colleagues do not see it yet. We keep trying.",
          "See later whether it is on the card in the channel. If not, click again.",
        ],
      },
      help: {
        headline: "🟥 Your call for help is not saved yet",
        text: ["**Call a colleague or 112 yourself.**", "We keep trying. Do not count on it."],
      },
    },
    notKept: {
      answer: { headline: "🟥 Your answer is not saved", text: ["Click again. Does it not work? Call a colleague."] },
      help: {
        headline: "🟥 Your call for help is not saved",
        text: ["**Call a colleague or 112 yourself.**", "Click again, if you can."],
      },
    },
    refused: "⚠️ I have noted nothing",
    nothingOpen: {
      headline: "⚠️ I have noted nothing",
      text: ["No alarm is open that you can answer here.", "Do you see a card in the channel? Then answer there."],
    },
    closed: "⬛ That alarm is no longer open",
    closedBy: (name, clock) => `That alarm was closed by ${name} at ${clock}.`,
    standing: {
      headline: "⚠️ Your answer stays as it is",
      text: [
        "Changing or deleting a message does not change your answer.",
        "Is your answer no longer right? Type a new message.",
      ],
    },
    pressedAgain: {
      headline: "🔔 Your alarm has been received again",
      text: ["We are passing it on once more now.", "**In immediate danger call 112, if you can.**"],
    },
    own: {
      headline: "🔔 Your alarm is open",
      text: [
        "I do not understand this. Your alarm is still open. Whoever is on the spot, or a team lead, closes the alarm.",
        "Is it getting worse? Click **I need help** or type **help**.",
      ],
    },
  },
} satisfies Record<Language, TypedAnswerWords>;
