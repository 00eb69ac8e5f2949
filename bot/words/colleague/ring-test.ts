import type { Language } from "../../domain/language.ts";
import type { RingRoute } from "../../domain/person.ts";
import type { AskedState } from "../../domain/ring-test/ring-test.ts";

interface RingTestWords {
  /** What a toast shows: that it is a test, and what to do. */
  readonly ring: string;
  /** The card of who is asked. */
  readonly ask: { readonly headline: string; readonly text: readonly string[] };
  readonly heard: { readonly headline: string; readonly text: readonly string[] };
  /** Stands on that card when the click could not be kept. */
  readonly notKept: string;
  readonly notListed: string;
  readonly button: { readonly heard: string; readonly refresh: string };
  /** The overview of who started it. */
  readonly running: string;
  readonly allHeard: string;
  readonly intro: string;
  readonly heardCount: (heard: number, asked: number) => string;
  /** Where others read along, and whom the names are for. */
  readonly namesElsewhere: string;
  readonly again: string;
  readonly startedBy: (name: string) => string;
  readonly route: Readonly<Record<RingRoute, string>>;
  readonly state: Readonly<Record<AskedState, string>>;
  readonly more: (count: number) => string;
  /** Why there is no test. */
  readonly alarm: string;
  readonly noRoster: string;
  readonly nobodyOnDuty: string;
  readonly forbidden: string;
  readonly wrongCode: string;
  readonly gone: string;
  readonly undone: string;
  /** In `status`, for team leads: who has not been proven for long. */
  readonly unproven: (count: number) => string;
  readonly unprovenUnread: string;
  /** What a colleague hears who is called. */
  readonly call: { readonly title: string; readonly text: string };
}

/** A test of whether colleagues hear that they are rung. Never how fast somebody was. */
export const ringTest = {
  nl: {
    ring: "TEST: klik als je dit hoort. Er is geen alarm.",
    ask: {
      headline: "🔔 TEST: hoor je dit?",
      text: [
        "Klik op **Ik hoor dit**. Dan weten we dat een alarm jou bereikt.",
        "Er is geen alarm. Je hoeft nergens heen.",
        "Later klikken mag ook. We bewaren alleen de dag, niet hoe snel je was.",
      ],
    },
    heard: {
      headline: "✔️ TEST: je hoort ons",
      text: [
        "Dank je. We weten nu dat een alarm jou bereikt.",
        "Hoorde je niets op je telefoon? Vraag de beheerder om hulp.",
      ],
    },
    notKept: "Je antwoord is niet opgeslagen. Klik straks nog een keer.",
    notListed: "Je staat niet in het rooster. Daarom telt je antwoord niet.",
    button: { heard: "Ik hoor dit", refresh: "Ververs" },
    running: "🔔 Oproeptest",
    allHeard: "✔️ Oproeptest: iedereen hoort ons",
    intro:
      "Wie dienst heeft, krijgt een bericht met het woord TEST. Het telt pas als iemand reageert. Dat kan ook later.",
    heardCount: (heard, asked) => `${heard} van ${asked} gehoord.`,
    namesElsewhere: "De namen ziet een teamleider in een privéchat met mij: typ daar **oproeptest**.",
    again: "Een nieuwe oproeptest kan na 10 minuten.",
    startedBy: (name) => `Gestart door ${name}.`,
    route: { chat: "Teams", phone: "telefoon" },
    state: {
      waiting: "nog niet verstuurd",
      asked: "nog geen reactie",
      failed: "niet gelukt",
      "left-out": "niet gevraagd, want er was alarm of een vraag over een bezoek",
      heard: "gehoord",
    },
    more: (count) => `en nog ${count}`,
    alarm: "Er is nu alarm, en dat gaat voor. Doe de oproeptest als het alarm is afgesloten.",
    noRoster: "Er is geen rooster. Daarom weet ik niet wie ik moet oproepen.",
    nobodyOnDuty: "Niemand heeft nu dienst. Er is niemand opgeroepen.",
    forbidden: "Alleen een teamleider kan een oproeptest doen. Er is niemand opgeroepen.",
    wrongCode: "Voor een oproeptest heb je een code nodig. Typ **oproeptest** met de code van de beheerder erachter.",
    gone: "Deze oproeptest is er niet meer. Typ **oproeptest** voor een nieuwe.",
    undone: "Dat is niet gelukt: onze opslag doet het nu niet. Probeer het straks nog een keer.",
    unproven: (count) =>
      count === 1
        ? "⚠️ 1 collega heeft al 35 dagen niet op een oproeptest gereageerd:"
        : `⚠️ ${count} collega's hebben al 35 dagen niet op een oproeptest gereageerd:`,
    unprovenUnread: "⚠️ We kunnen nu niet lezen wie niet op een oproeptest heeft gereageerd.",
    call: { title: "TEST: geen alarm", text: "TEST. Dit is een test. Er is geen alarm, en je hoeft nergens heen." },
  },
  en: {
    ring: "TEST: click if you hear this. There is no alarm.",
    ask: {
      headline: "🔔 TEST: do you hear this?",
      text: [
        "Click **I hear this**. Then we know that an alarm reaches you.",
        "There is no alarm. You need not go anywhere.",
        "You may click later too. We keep the day only, not how fast you were.",
      ],
    },
    heard: {
      headline: "✔️ TEST: you hear us",
      text: [
        "Thank you. We know now that an alarm reaches you.",
        "Did your phone stay silent? Ask the administrator for help.",
      ],
    },
    notKept: "Your answer is not saved. Click again later.",
    notListed: "You are not on the roster, so your answer does not count.",
    button: { heard: "I hear this", refresh: "Refresh" },
    running: "🔔 Ring test",
    allHeard: "✔️ Ring test: everybody hears us",
    intro:
      "Who is on duty gets a message with the word TEST. It counts only when somebody answers, which may be later.",
    heardCount: (heard, asked) => `${heard} of ${asked} heard.`,
    namesElsewhere: "A team lead sees the names in a private chat with me: type **ring test** there.",
    again: "Another ring test can begin after 10 minutes.",
    startedBy: (name) => `Started by ${name}.`,
    route: { chat: "in Teams", phone: "phone" },
    state: {
      waiting: "not sent yet",
      asked: "no answer yet",
      failed: "did not work",
      "left-out": "not asked, because there was an alarm or a question about a visit",
      heard: "heard",
    },
    more: (count) => `and ${count} more`,
    alarm: "There is an alarm now, and that goes first. Do the ring test when it is closed.",
    noRoster: "There is no roster, so I do not know whom to ring.",
    nobodyOnDuty: "Nobody is on duty now. Nobody was rung.",
    forbidden: "Only a team lead can do a ring test. Nobody was rung.",
    wrongCode: "A ring test takes a code. Type **ring test** and then the administrator's code.",
    gone: "This ring test is no longer there. Type **ring test** for a new one.",
    undone: "That did not work: our storage is down now. Try again later.",
    unproven: (count) =>
      count === 1
        ? "⚠️ 1 colleague has not answered a ring test for 35 days:"
        : `⚠️ ${count} colleagues have not answered a ring test for 35 days:`,
    unprovenUnread: "⚠️ We can't read now who has not answered a ring test.",
    call: { title: "TEST: no alarm", text: "TEST. This is a test. There is no alarm, and you need not go anywhere." },
  },
} satisfies Record<Language, RingTestWords>;

/** The finished sentences of a call to a colleague. */
export function toRingTestCallWords(language: Language): RingTestWords["call"] {
  return ringTest[language].call;
}
