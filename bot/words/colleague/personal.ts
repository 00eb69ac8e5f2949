import type { Language } from "../../domain/language.ts";
import { type VisitAnswerKind, type VisitText, visit } from "./visit.ts";

/** What a colleague can click for themselves. */
type Verb = "alarm" | "oops" | "visit-done" | "visit-longer";

/** Answers that are the same for everybody. */
export type AnswerKind =
  | VisitAnswerKind
  | "welcome"
  | "pressed"
  | "unstored"
  | "unsure"
  | "no-alarm"
  | "cancelled"
  | "too-late"
  | "closed"
  | "not-yours"
  | "oops-failed"
  | "place-set"
  | "place-forgotten"
  | "place-too-long"
  | "not-set-up"
  | "failed";

interface PersonalWords {
  readonly button: Readonly<Record<Verb, string>>;
  readonly answer: Readonly<Record<AnswerKind, VisitText>>;
  readonly place: string;
  readonly placeUnknown: string;
}

/**
 * What the bot says to a colleague about themselves: their alarm and their place; `visit` has their visit. Never that
 * somebody was reached.
 */
export const personal = {
  nl: {
    button: { alarm: "Alarm", oops: "Oeps", "visit-done": "Ik ben klaar", "visit-longer": "15 minuten langer" },
    answer: {
      welcome: {
        headline: "👋 Hier kun je alarm geven",
        text: [
          "Gevaar? Klik **Alarm** of typ **alarm**. Het alarm gaat meteen: ik vraag niet eerst of je het zeker weet.",
          "Typ je plek erbij als dat kan, zoals **alarm Balie**. Zit je vaak op één plek? Typ dan nu **plek Balie**.",
          "Ga je op bezoek buiten de deur? Typ **bezoek 45m**. Na 45 minuten vraag ik of het goed gaat.",
          "Typ **status** om te zien welke alarmen open staan.",
        ],
      },
      pressed: {
        headline: "🔔 Je alarm is binnen",
        text: [
          "We geven je alarm nu door.",
          "**Bel bij direct gevaar 112, als je dat kunt.**",
          "Per ongeluk? Klik binnen 10 seconden op **Oeps**.",
        ],
      },
      unstored: {
        headline: "🟥 Je alarm is niet opgeslagen",
        text: [
          "**Bel zelf een collega of 112.**",
          "Onze opslag doet het niet. We sturen je alarm één keer door. Reken daar niet op.",
        ],
      },
      unsure: {
        headline: "🟥 We weten niet of je alarm binnen is",
        text: [
          "**Bel zelf een collega of 112.**",
          "Het antwoord duurt te lang. Klik **Alarm** om het nog een keer te proberen.",
        ],
      },
      "no-alarm": {
        headline: "🟥 Er is geen alarm gegeven",
        text: [
          "**Gebruik je alarmknop of bel 112.**",
          "Alarm geven vanuit de chat is hier niet ingesteld. Niemand krijgt nu bericht.",
        ],
      },
      cancelled: {
        headline: "✔️ Op je alarm staat nu: geannuleerd",
        text: [
          "Het alarm blijft open. We vragen je collega's om toch te komen kijken.",
          "Was het toch echt? Klik **Alarm**.",
        ],
      },
      "too-late": {
        headline: "⏱️ De 10 seconden zijn voorbij",
        text: ["Je alarm blijft staan. Was het per ongeluk? Zeg dat tegen de collega die komt."],
      },
      closed: { headline: "⬛ Dit alarm is al gesloten", text: ["Heb je weer hulp nodig? Klik **Alarm**."] },
      "not-yours": {
        headline: "⚠️ Dit is niet jouw alarm",
        text: ["Alleen wie alarm gaf, kan zeggen dat het per ongeluk was. Het alarm blijft staan."],
      },
      "oops-failed": {
        headline: "🟥 Dat is niet gelukt",
        text: ["Je alarm blijft staan. Zeg tegen de collega die komt dat het per ongeluk was."],
      },
      "place-set": {
        headline: "📍 Je plek is ingesteld",
        text: ["Als je **alarm** typt, noem ik deze plek. Wil je geen vaste plek meer? Typ alleen het woord **plek**."],
      },
      "place-forgotten": {
        headline: "📍 Je hebt geen vaste plek meer",
        text: ["Wil je een plek instellen? Typ bijvoorbeeld **plek Balie**."],
      },
      "place-too-long": {
        headline: "⚠️ Die plek is te lang",
        text: ["Ik heb niets veranderd. Gebruik maximaal 3 woorden, zoals **plek Balie**."],
      },
      ...visit.nl.answer,
      "not-set-up": {
        headline: "⚠️ Dat is hier niet ingesteld",
        text: ["Ik heb niets bewaard. Vraag het aan de beheerder."],
      },
      failed: {
        headline: "🟥 Dat is niet gelukt",
        text: ["Ik weet niet of ik dit heb bewaard. Probeer het zo nog een keer."],
      },
    },
    place: "Plek",
    placeUnknown: "We weten niet waar je bent. Typ **alarm** met je plek in maximaal 3 woorden, zoals **alarm Balie**.",
  },
  en: {
    button: { alarm: "Alarm", oops: "Oops", "visit-done": "I'm done", "visit-longer": "15 minutes longer" },
    answer: {
      welcome: {
        headline: "👋 Here you can raise an alarm",
        text: [
          "Danger? Click **Alarm** or type **alarm**. The alarm goes at once: I do not ask first whether you are sure.",
          "Add your place if you can, such as **alarm Desk**. Often in one place? Then type **place Desk** now.",
          "Going on a visit outside the office? Type **visit 45m**. After 45 minutes I ask whether all is well.",
          "Type **status** to see which alarms are open.",
        ],
      },
      pressed: {
        headline: "🔔 Your alarm has been received",
        text: [
          "We are passing your alarm on now.",
          "**In immediate danger call 112, if you can.**",
          "By accident? Click **Oops** within 10 seconds.",
        ],
      },
      unstored: {
        headline: "🟥 Your alarm was not recorded",
        text: [
          "**Call a colleague or 112 yourself.**",
          "Our storage is down. We pass your alarm on once. Do not count on it.",
        ],
      },
      unsure: {
        headline: "🟥 We do not know whether your alarm has been received",
        text: ["**Call a colleague or 112 yourself.**", "The answer takes too long. Click **Alarm** to try once more."],
      },
      "no-alarm": {
        headline: "🟥 No alarm was raised",
        text: [
          "**Use your alarm button or call 112.**",
          "Raising an alarm from the chat is not set up here. Nobody is being told now.",
        ],
      },
      cancelled: {
        headline: "✔️ Your alarm now says: cancelled",
        text: [
          "The alarm stays open. We ask your colleagues to come and look all the same.",
          "Was it real after all? Click **Alarm**.",
        ],
      },
      "too-late": {
        headline: "⏱️ The 10 seconds are over",
        text: ["Your alarm stays as it is. Was it by accident? Say so to the colleague who comes."],
      },
      closed: { headline: "⬛ This alarm is closed already", text: ["Do you need help again? Click **Alarm**."] },
      "not-yours": {
        headline: "⚠️ This is not your alarm",
        text: ["Only who raised an alarm can say that it was an accident. The alarm stays as it is."],
      },
      "oops-failed": {
        headline: "🟥 That did not work",
        text: ["Your alarm stays as it is. Say to the colleague who comes that it was an accident."],
      },
      "place-set": {
        headline: "📍 Your place is set",
        text: ["When you type **alarm**, I name this place. No usual place any more? Type only the word **place**."],
      },
      "place-forgotten": {
        headline: "📍 You have no usual place any more",
        text: ["Do you want to set one? Type **place Desk**, for instance."],
      },
      "place-too-long": {
        headline: "⚠️ That place is too long",
        text: ["I have changed nothing. Use at most 3 words, such as **place Desk**."],
      },
      ...visit.en.answer,
      "not-set-up": {
        headline: "⚠️ That is not set up here",
        text: ["I have kept nothing. Ask your administrator."],
      },
      failed: {
        headline: "🟥 That did not work",
        text: ["I don't know whether I have kept this. Try again in a moment."],
      },
    },
    place: "Place",
    placeUnknown:
      "We don't know where you are. Type **alarm** and your place in at most 3 words, such as **alarm Desk**.",
  },
} satisfies Record<Language, PersonalWords>;
