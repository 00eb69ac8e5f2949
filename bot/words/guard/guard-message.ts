import type { Language } from "../../domain/language.ts";

interface Message {
  readonly title: string;
  readonly text: string;
}

interface GuardMessageWords {
  gone: Message;
  testGone: Message;
  unknown: Message;
  tooMany: Message;
  notUnderstood: Message;
  /** For an answer that was not saved anywhere. */
  notSaved: Message & { readonly again: string };
  /** For a link of ours whose page could not be made: answers may still come through. */
  notShown: Message;
  /** For an answer that is in memory and not on disk: a message, and what to do meanwhile. */
  buffered: Message & {
    readonly next: Record<"accept" | "decline" | "arrived" | "help" | "safe", string>;
    readonly look: string;
  };
  test: {
    readonly header: string;
    readonly title: string;
    readonly text: string;
    readonly seen: string;
    thanks(time: string): string;
    readonly over: string;
    sent(time: string): string;
  };
}

/**
 * Pages of the guard's link that show no alarm. What they ask for has to fit a test too, because then we may not know
 * which it is.
 */
export const guardMessage = {
  nl: {
    gone: {
      title: "Deze link is verlopen",
      text: "Het alarm is langer dan een dag geleden afgesloten. U hoeft niets te doen.",
    },
    testGone: { title: "Deze link is verlopen", text: "Het was een test. U hoeft niets te doen." },
    unknown: {
      title: "Deze link klopt niet",
      text: "Open de link nog een keer uit het bericht. Lukt het niet? Bel uw meldkamer.",
    },
    tooMany: { title: "Te veel pogingen", text: "Wacht een minuut en open de link uit het bericht." },
    notUnderstood: { title: "Dat antwoord kennen we niet", text: "Ga terug en kies een van de knoppen." },
    notSaved: {
      title: "Uw antwoord is niet opgeslagen",
      text: "De fout ligt bij ons. Lukt het nog een keer niet? Bel uw meldkamer. Wacht niet op ons: doe wat in het bericht staat.",
      again: "Probeer het nog een keer",
    },
    notShown: {
      title: "We kunnen deze pagina nu niet laten zien",
      text: "De fout ligt bij ons. Doe wat in het bericht staat. U kunt hier wel proberen te antwoorden.",
    },
    buffered: {
      title: "Uw antwoord is ontvangen, maar nog niet opgeslagen",
      text: "Wij proberen het steeds opnieuw. Tot dat lukt, ziet niemand anders uw antwoord.",
      next: {
        accept: "Wacht niet op ons: doe nu wat in het bericht staat.",
        decline: "Bel ook uw meldkamer, zodat een ander komt.",
        arrived: "Bel uw meldkamer als u hulp nodig hebt.",
        help: "Bel nu ook 112 en uw meldkamer.",
        safe: "Bel ook uw meldkamer: het alarm gaat door tot uw antwoord is opgeslagen.",
      },
      look: "Kijk of uw antwoord nu is opgeslagen",
    },
    test: {
      header: "TEST",
      title: "Dit is een test",
      text: "Niemand is in gevaar. U hoeft nergens heen. Druk op de knop: dan weten we dat een oproep u bereikt.",
      seen: "Ik heb deze test gezien",
      thanks: (time) => `Dank u. Gezien om ${time}.`,
      over: "Deze test is voorbij. U hoeft niets te doen.",
      sent: (time) => `Test van ${time}`,
    },
  },
  en: {
    gone: {
      title: "This link has expired",
      text: "The alarm was closed more than a day ago. There is nothing for you to do.",
    },
    testGone: { title: "This link has expired", text: "It was a test. There is nothing for you to do." },
    unknown: {
      title: "This link is not right",
      text: "Open the link from the message once more. Does it not work? Call your control room.",
    },
    tooMany: { title: "Too many attempts", text: "Wait a minute and open the link from the message." },
    notUnderstood: { title: "We don't know that answer", text: "Go back and choose one of the buttons." },
    notSaved: {
      title: "Your answer was not saved",
      text: "The fault is ours. Does it fail once more? Call your control room. Don't wait for us: do what the message says.",
      again: "Try once more",
    },
    notShown: {
      title: "We can't show this page now",
      text: "The fault is ours. Do what the message says. You can still try to answer here.",
    },
    buffered: {
      title: "Your answer was received, but is not saved yet",
      text: "We keep trying. Until that works, nobody else sees your answer.",
      next: {
        accept: "Don't wait for us: do now what the message says.",
        decline: "Call your control room too, so that someone else comes.",
        arrived: "Call your control room if you need help.",
        help: "Call 112 and your control room now too.",
        safe: "Call your control room too: the alarm goes on until your answer is saved.",
      },
      look: "See whether your answer is saved now",
    },
    test: {
      header: "TEST",
      title: "This is a test",
      text: "Nobody is in danger. You need not go anywhere. Press the button: then we know that a call reaches you.",
      seen: "I have seen this test",
      thanks: (time) => `Thank you. Seen at ${time}.`,
      over: "This test is over. There is nothing for you to do.",
      sent: (time) => `Test of ${time}`,
    },
  },
} satisfies Record<Language, GuardMessageWords>;
