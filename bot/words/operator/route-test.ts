import type { Language } from "../../domain/language.ts";
import type { PagerTest, RouteTest } from "../../domain/route-test/route-test.ts";
import { terms } from "../shared/terms.ts";
import { toClockTime } from "../shared/time.ts";

interface RouteTestWords {
  /** Stands above the list, while the test runs and after it. */
  readonly running: string;
  readonly allAnswered: string;
  readonly notAllAnswered: string;
  /** Says what happens now, and until when an answer counts. */
  readonly intro: (clock: string) => string;
  /** Asks a colleague for what a machine can't know. */
  readonly ask: string;
  readonly again: string;
  readonly startedBy: (name: string) => string;
  readonly startedByDoctor: string;
  readonly route: {
    readonly queued: string;
    readonly retried: (why: string) => string;
    readonly accepted: string;
    readonly unanswered: string;
    readonly answered: (clock: string) => string;
    readonly confirmed: (clock: string) => string;
    readonly failed: (why: string) => string;
  };
  readonly button: { readonly refresh: string; readonly confirm: (pager: string) => string };
  readonly forbidden: string;
  /** The same where no team lead is configured. */
  readonly wrongCode: string;
  readonly gone: string;
  /** Shown after a click or a command that could not be handled. */
  readonly undone: string;
}

/** A test of the routes to external security: what was sent, and whether a human answered. Only a human counts. */
export const routeTest = {
  nl: {
    running: "🔎 Test van de beveiliging",
    allAnswered: "✔️ Test van de beveiliging: overal heeft iemand gereageerd",
    notAllAnswered: "⚠️ Test van de beveiliging: niet overal heeft iemand gereageerd",
    intro: (clock) =>
      `Via elke route sturen we nu een bericht met het woord TEST. Het telt pas als iemand reageert. Dat kan tot ${clock}.`,
    ask: "Komt er geen reactie? Bel en vraag of iemand de test heeft gezien. Klik dan op **Iemand heeft het gezien**.",
    again: "Typ **test** voor een nieuwe test.",
    startedBy: (name) => `Gestart door ${name}.`,
    startedByDoctor: "Gestart door de beheerder.",
    route: {
      queued: "nog niet verstuurd",
      retried: (why) => `nog niet gelukt: ${why}. We proberen het nog een keer`,
      accepted: "verstuurd, nog geen reactie",
      unanswered: "verstuurd, maar geen reactie",
      answered: (clock) => `reactie om ${clock}`,
      confirmed: (clock) => `bevestigd door een collega om ${clock}`,
      failed: (why) => `niet gelukt: ${why}`,
    },
    button: { refresh: "Ververs", confirm: (pager) => `Iemand heeft het gezien: ${pager}` },
    forbidden: "Alleen een teamleider kan de beveiliging testen. Er is niets veranderd.",
    wrongCode: "Om de beveiliging te testen heb je een code nodig. Typ **test** met de code van de beheerder erachter.",
    gone: "Deze test is er niet meer. Typ **test** voor een nieuwe test.",
    undone: "Dat is niet gelukt. Typ **test** om te zien hoe het staat.",
  },
  en: {
    running: "🔎 Test of security",
    allAnswered: "✔️ Test of security: a human answered everywhere",
    notAllAnswered: "⚠️ Test of security: a human did not answer everywhere",
    intro: (clock) =>
      `A message with the word TEST now goes out by every route. Only a human's answer counts, until ${clock}.`,
    ask: "No answer? Call and ask whether somebody has seen the test. Then click **Somebody has seen it**.",
    again: "Type **test** for a new test.",
    startedBy: (name) => `Started by ${name}.`,
    startedByDoctor: "Started by the administrator.",
    route: {
      queued: "not sent yet",
      retried: (why) => `did not work yet: ${why}. We try once more`,
      accepted: "sent, no answer of a human yet",
      unanswered: "sent, but no answer of a human",
      answered: (clock) => `a human answered at ${clock}`,
      confirmed: (clock) => `confirmed by a colleague at ${clock}`,
      failed: (why) => `did not work: ${why}`,
    },
    button: { refresh: "Refresh", confirm: (pager) => `Somebody has seen it: ${pager}` },
    forbidden: "Only a team lead can test security. Nothing has changed.",
    wrongCode: "Testing security takes a code. Type **test** and then the administrator's code.",
    gone: "This test is no longer there. Type **test** for a new test.",
    undone: "That did not work. Type **test** to see how it stands.",
  },
} satisfies Record<Language, RouteTestWords>;

/** The parts of a route's test that words are made of, for the outside and for colleagues alike. */
export type PagerTestState = Pick<PagerTest, "state" | "failure" | "toldBy" | "at">;

/** Says how far the test of one route came. `isOver`: no answer can come any more. */
export function toPagerWords(route: PagerTestState, isOver: boolean, language: Language, timezone: string): string {
  const words = routeTest[language].route;
  const why = route.failure === null ? "" : terms[language].failure[route.failure];
  const clock = toClockTime(route.at, timezone, language);
  switch (route.state) {
    case "queued":
      return route.failure === null ? words.queued : words.retried(why);
    case "accepted":
      return isOver ? words.unanswered : words.accepted;
    case "answered":
      return route.toldBy === "colleague" ? words.confirmed(clock) : words.answered(clock);
    case "failed":
      return words.failed(why);
  }
}

/** The first line about a test. */
export function toTestHeadline({ routes, nextAt }: RouteTest, language: Language): string {
  const words = routeTest[language];
  if (Object.values(routes).every(({ state }) => state === "answered")) return words.allAnswered;
  return nextAt === null ? words.notAllAnswered : words.running;
}
