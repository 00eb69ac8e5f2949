import type { Language } from "./language.ts";

/** What a colleague can click for themselves. */
type Verb = "alarm" | "oops" | "visit-done" | "visit-longer";

/** What the bot says to one colleague: how it stands, then a paragraph a sentence. `**…**` is a button, a clock or what to type. */
interface Said {
  readonly headline: string;
  readonly text: readonly string[];
}

/** The same with a clock time in it: "14:03:20". */
type SaidBy = (clock: string) => Said;

/** Answers that are the same for everybody. */
export type AnswerKind =
  | "welcome"
  | "pressed"
  | "unrecorded"
  | "unsure"
  | "no-alarm"
  | "cancelled"
  | "too-late"
  | "closed"
  | "not-yours"
  | "oops-failed"
  | "place-set"
  | "place-forgotten"
  | "visit-ended"
  | "no-visit"
  | "visit-unclear"
  | "visit-failed"
  | "not-set-up"
  | "failed";

interface PersonalWords {
  readonly button: Readonly<Record<Verb, string>>;
  readonly answer: Readonly<Record<AnswerKind, Said>>;
  readonly visit: SaidBy;
  readonly ask: SaidBy;
  readonly askLast: SaidBy;
  readonly place: string;
  readonly placeUnknown: string;
}

/** What the bot says to a colleague about themselves: their alarm, their place, their visit. Never that somebody was reached. */
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
          "Collega's krijgen nu bericht.",
          "**Bel bij direct gevaar 112, als je dat kunt.**",
          "Per ongeluk? Klik binnen 10 seconden op **Oeps**.",
        ],
      },
      unrecorded: {
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
        text: ["Als je **alarm** typt, noem ik deze plek. Wil je geen vaste plek meer? Typ alleen **plek**."],
      },
      "place-forgotten": {
        headline: "📍 Je hebt geen vaste plek meer",
        text: ["Wil je een plek instellen? Typ bijvoorbeeld **plek Balie**."],
      },
      "visit-ended": { headline: "✔️ Je bezoek is afgemeld", text: ["Ik vraag niets meer en geef geen alarm."] },
      "no-visit": {
        headline: "⚠️ Je hebt nu geen bezoek aangemeld",
        text: [
          "Heb ik al alarm gegeven? Bel dan een collega en vertel hoe het gaat.",
          "Een nieuw bezoek? Typ bijvoorbeeld **bezoek 45m**.",
        ],
      },
      "visit-unclear": {
        headline: "⚠️ Ik weet niet hoe lang je bezoek duurt",
        text: [
          "Ik heb niets veranderd. Typ alleen hoe lang het duurt, zoals **bezoek 45m** of **bezoek 1u30**. Hoogstens 12 uur.",
          "Ben je terug? Typ **bezoek klaar**.",
        ],
      },
      "visit-failed": {
        headline: "🟥 Dat is niet gelukt",
        text: ["Reken er niet op dat ik je bezoek goed bewaar. Probeer het zo nog een keer, of bel een collega."],
      },
      "not-set-up": {
        headline: "⚠️ Dat is hier niet ingesteld",
        text: ["Ik heb niets bewaard. Vraag het aan de beheerder."],
      },
      failed: {
        headline: "🟥 Dat is niet gelukt",
        text: ["Ik weet niet of ik dit heb bewaard. Probeer het zo nog een keer."],
      },
    },
    visit: (clock) => ({
      headline: `🚪 Je bezoek is aangemeld tot ${clock}`,
      text: [
        `Om **${clock}** vraag ik of het goed gaat. Eerder terug? Klik **Ik ben klaar**.`,
        "Antwoord je niet? Dan vraag ik het na 2 minuten nog één keer. Na nog eens 2 minuten geef ik alarm.",
        "Ik weet niet waar je bent. Vertel aan een collega waar je heen gaat.",
      ],
    }),
    ask: (clock) => ({
      headline: "❓ Gaat het goed?",
      text: [
        `Klik vóór **${clock}** op **Ik ben klaar** of **15 minuten langer**.`,
        "Antwoord je niet? Dan vraag ik het nog één keer.",
        "Hulp nodig? Klik **Alarm**.",
      ],
    }),
    askLast: (clock) => ({
      headline: "❓ Laatste keer: gaat het goed?",
      text: [
        `Klik vóór **${clock}** op **Ik ben klaar** of **15 minuten langer**. Antwoord je niet? Dan geef ik alarm.`,
        "Hulp nodig? Klik **Alarm**.",
      ],
    }),
    place: "Plek",
    placeUnknown: "We weten niet waar je bent. Typ **alarm** met je plek erachter, zoals **alarm Balie**.",
  },
  en: {
    button: { alarm: "Alarm", oops: "Oops", "visit-done": "I'm done", "visit-longer": "15 minutes longer" },
    answer: {
      welcome: {
        headline: "👋 Here you can raise an alarm",
        text: [
          "Danger? Click **Alarm** or type **alarm**. The alarm goes at once: I do not ask first whether you are sure.",
          "Add your place if you can, such as **alarm Desk**. Often in one place? Then type **place Desk** now.",
          "Going on a visit outdoors? Type **visit 45m**. After 45 minutes I ask whether all is well.",
          "Type **status** to see which alarms are open.",
        ],
      },
      pressed: {
        headline: "🔔 Your alarm is in",
        text: [
          "Colleagues are being told now.",
          "**In immediate danger call 112, if you can.**",
          "By accident? Click **Oops** within 10 seconds.",
        ],
      },
      unrecorded: {
        headline: "🟥 Your alarm was not recorded",
        text: [
          "**Call a colleague or 112 yourself.**",
          "Our storage is down. We pass your alarm on once. Do not count on it.",
        ],
      },
      unsure: {
        headline: "🟥 We do not know whether your alarm is in",
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
        text: ["When you type **alarm**, I name this place. No usual place any more? Type **place** alone."],
      },
      "place-forgotten": {
        headline: "📍 You have no usual place any more",
        text: ["Do you want to set one? Type **place Desk**, for instance."],
      },
      "visit-ended": {
        headline: "✔️ You are checked out of your visit",
        text: ["I ask nothing more and raise no alarm."],
      },
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
          "I have changed nothing. Type only how long it takes, such as **visit 45m** or **visit 1h30**. At most 12 hours.",
          "Are you back? Type **visit done**.",
        ],
      },
      "visit-failed": {
        headline: "🟥 That did not work",
        text: ["Do not count on it that I know of your visit. Try again in a moment, or call a colleague."],
      },
      "not-set-up": {
        headline: "⚠️ That is not set up here",
        text: ["I have kept nothing. Ask your administrator."],
      },
      failed: {
        headline: "🟥 That did not work",
        text: ["I don't know whether I have kept this. Try again in a moment."],
      },
    },
    visit: (clock) => ({
      headline: `🚪 Your visit is announced until ${clock}`,
      text: [
        `At **${clock}** I ask whether all is well. Back earlier? Click **I'm done**.`,
        "No answer? Then I ask once more after 2 minutes. After another 2 minutes I raise an alarm.",
        "I don't know where you are. Tell a colleague where you are going.",
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
    place: "Place",
    placeUnknown: "We don't know where you are. Type **alarm** and your place, such as **alarm Desk**.",
  },
} satisfies Record<Language, PersonalWords>;
