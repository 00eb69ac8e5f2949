import type { Language } from "../../domain/language.ts";
import { type VisitAnswerKind, type VisitText, visit } from "./visit.ts";

/** What a colleague can click for themselves. */
type Verb = "alarm" | "oops" | "visit-done" | "visit-longer";

/** Answers that are the same for everybody. */
export type AnswerKind =
  | VisitAnswerKind
  | "called"
  | "welcome"
  | "pressed"
  | "still-pressed"
  | "unstored"
  | "unsure"
  | "no-alarm"
  | "cancelled"
  | "too-late"
  | "closed"
  | "not-yours"
  | "oops-failed"
  | "location-named"
  | "location-kept"
  | "location-failed"
  | "place-set"
  | "place-forgotten"
  | "place-too-long"
  | "elsewhere"
  | "not-set-up"
  | "failed";

interface PersonalWords {
  readonly button: Readonly<Record<Verb, string>>;
  readonly answer: Readonly<Record<AnswerKind, VisitText>>;
  readonly location: string;
  /** The question at which one somebody is, above a button for each, and what happens until they say so. */
  readonly whichLocation: string;
  readonly anyLocation: string;
  /** There are more than have a button. */
  readonly otherLocation: string;
  readonly place: string;
  readonly placeUnknown: string;
  /** Where a location stands above it. */
  readonly roomUnknown: string;
}

/**
 * What the bot says to a colleague about themselves: their alarm and their place; `visit` has their visit. Never that
 * somebody was reached.
 */
export const personal = {
  nl: {
    button: { alarm: "Alarm", oops: "Per ongeluk", "visit-done": "Ik ben klaar", "visit-longer": "15 minuten langer" },
    answer: {
      called: {
        headline: "⚠️ Er is nog geen alarm",
        text: ["Gevaar? Klik op **Alarm**. Het alarm gaat meteen.", "Kan dat niet? Bel een collega of 112."],
      },
      welcome: {
        headline: "👋 Hier kun je alarm slaan",
        text: [
          "Gevaar? Klik op **Alarm** of typ **alarm**. Het alarm gaat meteen: ik vraag niet eerst of je het zeker weet.",
          "Geen antwoord binnen 10 seconden? Dan is je alarm niet binnen: bel.",
          "Typ je plaats erbij als dat kan, zoals **alarm Balie**. Zit je vaak op dezelfde plaats? Typ dan nu **plaats Balie**.",
          "Ga je op bezoek buiten de deur? Typ **bezoek 45m**. Na 45 minuten vraag ik of het goed gaat.",
          "Roept een alarm je op? Typ hier **ik ga**, **kan niet**, **ben er**, **hulp** of **afsluiten**.",
          "Typ **status** om te zien welke alarmen openstaan.",
        ],
      },
      pressed: {
        headline: "🔔 Je alarm is binnen",
        text: [
          "We geven je alarm nu door.",
          "**Bel bij direct gevaar 112, als je dat kunt.**",
          "Per ongeluk? Klik binnen 10 seconden op **Per ongeluk**.",
        ],
      },
      "still-pressed": {
        headline: "🔔 Je alarm blijft staan",
        text: [
          "Een bericht wijzigen of verwijderen trekt het alarm niet in.",
          "Per ongeluk? Klik op **Per ongeluk** of zeg het tegen de collega die komt.",
          "Klopt de plaats niet? Typ **alarm** met de juiste plaats, zoals **alarm Balie**.",
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
          "Het antwoord duurt te lang. Klik op **Alarm** om het nog een keer te proberen.",
        ],
      },
      "no-alarm": {
        headline: "🟥 Er is geen alarm geslagen",
        text: [
          "**Gebruik je alarmknop of bel 112.**",
          "Alarm slaan vanuit de chat is hier niet ingesteld. Niemand krijgt nu bericht.",
        ],
      },
      cancelled: {
        headline: "✔️ Je alarm is ingetrokken. Het blijft wel open",
        text: ["We vragen je collega's om toch te komen kijken.", "Was het toch echt? Klik op **Alarm**."],
      },
      "too-late": {
        headline: "⏱️ De 10 seconden zijn voorbij",
        text: ["Je alarm blijft staan. Was het per ongeluk? Zeg dat tegen de collega die komt."],
      },
      closed: { headline: "⬛ Dit alarm is al afgesloten", text: ["Heb je weer hulp nodig? Klik op **Alarm**."] },
      "not-yours": {
        headline: "⚠️ Dit is niet jouw alarm",
        text: ["Alleen wie alarm sloeg, kan hier iets over zeggen. Het alarm blijft staan."],
      },
      "oops-failed": {
        headline: "🟥 Dat is niet gelukt",
        text: ["Je alarm blijft staan. Zeg tegen de collega die komt dat het per ongeluk was."],
      },
      "location-named": {
        headline: "📍 Je locatie is binnen",
        text: [
          "We geven die nu door. Je alarm blijft staan.",
          "Klopt de locatie niet? Typ **alarm** met de naam van de juiste locatie.",
        ],
      },
      "location-kept": {
        headline: "⏳ Je locatie is nog niet opgeslagen",
        text: ["Je alarm blijft staan. We blijven het proberen. Zie je die straks niet? Typ dan de naam opnieuw."],
      },
      "location-failed": {
        headline: "🟥 Dat is niet gelukt",
        text: ["Je alarm blijft staan. Typ **alarm** met de naam van je locatie, als dat kan."],
      },
      "place-set": {
        headline: "📍 Je plaats is ingesteld",
        text: [
          "Als je **alarm** typt, noem ik deze plaats. Wil je geen vaste plaats meer? Typ alleen het woord **plaats**.",
        ],
      },
      "place-forgotten": {
        headline: "📍 Je hebt geen vaste plaats meer",
        text: ["Wil je een plaats instellen? Typ bijvoorbeeld **plaats Balie**."],
      },
      "place-too-long": {
        headline: "⚠️ Die plaats is te lang",
        text: ["Ik heb niets veranderd. Gebruik maximaal 3 woorden, zoals **plaats Balie**."],
      },
      ...visit.nl.answer,
      elsewhere: {
        headline: "↪️ Dit gaat verder in een ander bericht",
        text: ["Kijk daar hoe het nu is. Hulp nodig? Typ **alarm**."],
      },
      "not-set-up": {
        headline: "⚠️ Dat is hier niet ingesteld",
        text: ["Ik heb niets bewaard. Vraag het aan de beheerder."],
      },
      failed: {
        headline: "🟥 Dat is niet gelukt",
        text: ["Ik weet niet of ik dit heb bewaard. Probeer het over een minuut nog een keer."],
      },
    },
    location: "Locatie",
    whichLocation: "Op welke locatie ben je?",
    anyLocation: "Klik op je locatie of typ de naam. We waarschuwen nu de collega's van al deze locaties.",
    otherLocation: "Staat je locatie er niet bij? Typ de naam.",
    place: "Plaats",
    placeUnknown:
      "We weten niet waar je bent. Typ **alarm** met je plaats in maximaal 3 woorden, zoals **alarm Balie**.",
    roomUnknown:
      "We weten nog niet in welke ruimte je bent. Typ **alarm** met je plaats in maximaal 3 woorden, zoals **alarm Balie**.",
  },
  en: {
    button: { alarm: "Alarm", oops: "Oops", "visit-done": "I'm done", "visit-longer": "15 minutes longer" },
    answer: {
      called: {
        headline: "⚠️ There is no alarm yet",
        text: ["Danger? Click **Alarm**. The alarm goes at once.", "Can't you? Call a colleague or 112."],
      },
      welcome: {
        headline: "👋 Here you can raise an alarm",
        text: [
          "Danger? Click **Alarm** or type **alarm**. The alarm goes at once: I do not ask first whether you are sure.",
          "No answer within 10 seconds? Then your alarm was not received: call.",
          "Add your place if you can, such as **alarm Desk**. Often in one place? Then type **place Desk** now.",
          "Going on a visit outside the office? Type **visit 45m**. After 45 minutes I ask whether all is well.",
          "Are you called to an alarm? Type **I'm going**, **can't**, **I'm there**, **help** or **close** here.",
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
      "still-pressed": {
        headline: "🔔 Your alarm stays as it is",
        text: [
          "Changing or deleting a message does not withdraw the alarm.",
          "By accident? Click **Oops** or say so to the colleague who comes.",
          "Is the place wrong? Type **alarm** and the right place, such as **alarm Desk**.",
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
        headline: "✔️ Your alarm is withdrawn. It stays open",
        text: ["We ask your colleagues to come and look all the same.", "Was it real after all? Click **Alarm**."],
      },
      "too-late": {
        headline: "⏱️ The 10 seconds are over",
        text: ["Your alarm stays as it is. Was it by accident? Say so to the colleague who comes."],
      },
      closed: { headline: "⬛ This alarm is closed already", text: ["Do you need help again? Click **Alarm**."] },
      "not-yours": {
        headline: "⚠️ This is not your alarm",
        text: ["Only who raised the alarm can say something of it here. The alarm stays as it is."],
      },
      "oops-failed": {
        headline: "🟥 That did not work",
        text: ["Your alarm stays as it is. Say to the colleague who comes that it was an accident."],
      },
      "location-named": {
        headline: "📍 Your location has been received",
        text: [
          "We are passing it on now. Your alarm stays as it is.",
          "Is the location wrong? Type **alarm** and the name of the right location.",
        ],
      },
      "location-kept": {
        headline: "⏳ Your location is not saved yet",
        text: ["Your alarm stays as it is. We keep trying. Do you not see it later? Then type the name again."],
      },
      "location-failed": {
        headline: "🟥 That did not work",
        text: ["Your alarm stays as it is. Type **alarm** and the name of your location, if you can."],
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
      elsewhere: {
        headline: "↪️ This goes on in another message",
        text: ["Look there for how it is now. Need help? Type **alarm**."],
      },
      "not-set-up": {
        headline: "⚠️ That is not set up here",
        text: ["I have kept nothing. Ask your administrator."],
      },
      failed: {
        headline: "🟥 That did not work",
        text: ["I don't know whether I have kept this. Try again in a minute."],
      },
    },
    location: "Location",
    whichLocation: "At which location are you?",
    anyLocation: "Click your location or type its name. We warn the colleagues of all of these now.",
    otherLocation: "Is your location not there? Type its name.",
    place: "Place",
    placeUnknown:
      "We don't know where you are. Type **alarm** and your place in at most 3 words, such as **alarm Desk**.",
    roomUnknown:
      "We don't know yet in which room you are. Type **alarm** and your place in at most 3 words, such as **alarm Desk**.",
  },
} satisfies Record<Language, PersonalWords>;
