import type { PageReason, Verification } from "../../domain/incident/incident.ts";
import type { Language } from "../../domain/language.ts";
import type { PageSite } from "../../domain/location.ts";
import { toLine, toPlace } from "../../kit/safe-text.ts";
import { isSaidByCopy, toCopySentence } from "../shared/copy.ts";
import { maxLineLengths } from "../shared/line.ts";
import { toPlaceAt } from "../shared/site.ts";
import { terms, toCause } from "../shared/terms.ts";
import { page, withoutEnd } from "./page.ts";
import { joinSpeech, type Speech, toSpokenAddress, toSpokenNumber } from "./spoken.ts";

/**
 * Kinds of call, by who is called and what about: a colleague is no "u"; a test and a call-off must not sound like an
 * alarm.
 */
export const callKinds = ["guard", "colleague", "test", "colleague-test", "call-off"] as const;
export type CallKind = (typeof callKinds)[number];

/**
 * The parts of a page that are spoken. Neither the link nor, where the place has a name and its location is sure, the
 * position: nobody can write them down.
 */
export interface SpokenPage {
  readonly reason: PageReason | "update" | "call-off" | "test";
  readonly incident: {
    readonly number: number;
    readonly place: string | null;
    readonly directions: string | null;
    readonly position: { readonly lat: number; readonly lon: number } | null;
    readonly verification: Verification;
    /** How many colleagues are on the way or there. */
    readonly responding: number;
  };
  readonly words?: { readonly where?: string; readonly copy?: string };
  /** Left out: the configuration has no locations. */
  readonly site?: PageSite;
}

/** The answers to a key. `stands`: what was said elsewhere counts; `wrong`: neither 5 nor 9; `silent`: none came. */
export type SpokenAnswer = "accept" | "decline" | "stands" | "over" | "unknown" | "wrong" | "silent";

interface Form {
  readonly directions: (directions: string) => string;
  readonly keys: string;
  readonly answer: Readonly<Record<SpokenAnswer, string>>;
}

interface VoiceWords {
  readonly from: (caller: string) => string;
  readonly fromTest: (caller: string) => string;
  readonly place: (place: string) => string;
  readonly placeUnknown: string;
  readonly organisation: (organisation: string) => string;
  readonly address: string;
  readonly callBack: string;
  readonly position: (lat: string, lon: string) => string;
  /** Said in place of the keys, where no answer can be recorded. */
  readonly noKeys: string;
  readonly callOff: (number: number) => string;
  readonly wasAt: (place: string) => string;
  readonly test: (text: string) => string;
  readonly form: Readonly<Record<Exclude<CallKind, "call-off">, Form>>;
}

/** What is spoken in a phone call: somebody who does something else hears it once, and half. */
export const voice = {
  nl: {
    from: (caller) => `Dit is een alarmoproep van ${caller}.`,
    fromTest: (caller) => `Dit is een testoproep van ${caller}.`,
    place: (place) => `De plaats is: ${place}. Ik herhaal: ${place}.`,
    placeUnknown: "De plaats is onbekend. Ik herhaal: de plaats is onbekend.",
    organisation: (organisation) => `Het is bij ${organisation}.`,
    address: "Het adres is:",
    callBack: "U kunt terugbellen op nummer:",
    position: (lat, lon) => `De positie is: breedte ${lat}, lengte ${lon}.`,
    noKeys: "U kunt nu niet met een toets antwoorden. Ga er nu heen.",
    callOff: (number) => `Dit gaat over alarm ${number}. U hoeft niet meer te komen.`,
    wasAt: (place) => `De plaats was: ${place}. Ik herhaal: ${place}.`,
    test: (text) => `TEST. ${text} Dit was een TEST.`,
    form: {
      guard: {
        directions: (directions) => `Zo komt u er: ${directions}.`,
        keys: "Toets 5 als u komt. Toets 9 als u niet komt.",
        answer: {
          accept: "Dank u. We weten nu dat u komt. Ga er nu heen.",
          decline: "Dank u. We weten nu dat u niet komt. We gaan door met waarschuwen.",
          stands: "U hebt al gemeld dat u er bent. Dat blijft zo.",
          over: "Dit alarm is al afgesloten. U hoeft niet meer te komen.",
          unknown: "We kennen dit alarm niet. Bel uw meldkamer.",
          wrong: "Dat was een andere toets.",
          silent: "We hebben geen 5 of 9 ontvangen. We gaan door met waarschuwen.",
        },
      },
      colleague: {
        directions: (directions) => `Zo kom je er: ${directions}.`,
        keys: "Toets 5 als je gaat. Toets 9 als je niet kunt.",
        answer: {
          accept: "Dank je. We weten nu dat je gaat. Ga er nu heen.",
          decline: "Dank je. We weten nu dat je niet kunt. We gaan door met waarschuwen.",
          stands: "In Teams staat dat je gaat of er al bent. Dat blijft zo. Kun je niet, meld dat dan in Teams.",
          over: "Dit alarm is al afgesloten. Je hoeft niet meer te gaan.",
          unknown: "We kennen dit alarm niet. Kijk in Teams of bel de meldkamer.",
          wrong: "Dat was een andere toets.",
          silent: "We hebben geen 5 of 9 ontvangen. We gaan door met waarschuwen.",
        },
      },
      test: {
        directions: (directions) => `Zo komt u er: ${directions}.`,
        keys: "Toets 5. Dan weten we dat deze test is gehoord.",
        answer: {
          accept: "Dank u. Deze test is gehoord.",
          decline: "Dank u. Deze test is gehoord.",
          stands: "Dank u. Deze test is gehoord.",
          over: "Deze test is al voorbij.",
          unknown: "We kennen deze test niet.",
          wrong: "Dat was een andere toets.",
          silent: "We hebben geen 5 ontvangen.",
        },
      },
      "colleague-test": {
        directions: (directions) => `Zo kom je er: ${directions}.`,
        keys: "Toets 5. Dan weten we dat je telefoon het doet bij een alarm.",
        answer: {
          accept: "Dank je. We weten nu dat je dit hoort.",
          decline: "Dank je. We weten nu dat je dit hoort.",
          stands: "Dank je. We weten nu dat je dit hoort.",
          over: "Deze test is al voorbij.",
          unknown: "We kennen deze test niet.",
          wrong: "Dat was een andere toets.",
          silent: "We hebben geen 5 ontvangen.",
        },
      },
    },
  },
  en: {
    from: (caller) => `This is an alarm call from ${caller}.`,
    fromTest: (caller) => `This is a test call from ${caller}.`,
    place: (place) => `The place is: ${place}. I repeat: ${place}.`,
    placeUnknown: "The place is unknown. I repeat: the place is unknown.",
    organisation: (organisation) => `It is at ${organisation}.`,
    address: "The address is:",
    callBack: "You can call back on number:",
    position: (lat, lon) => `The position is: latitude ${lat}, longitude ${lon}.`,
    noKeys: "You cannot answer with a key now. Go there now.",
    callOff: (number) => `This is about alarm ${number}. You no longer need to come.`,
    wasAt: (place) => `The place was: ${place}. I repeat: ${place}.`,
    test: (text) => `TEST. ${text} This was a TEST.`,
    form: {
      guard: {
        directions: (directions) => `How to get there: ${directions}.`,
        keys: "Press 5 if you are coming. Press 9 if you are not coming.",
        answer: {
          accept: "Thank you. We know now that you are coming. Go there now.",
          decline: "Thank you. We know now that you are not coming. We go on alerting.",
          stands: "You have already told us that you are there. That stands.",
          over: "This alarm is closed already. You no longer need to come.",
          unknown: "We do not know this alarm. Call your control room.",
          wrong: "That was another key.",
          silent: "We received no 5 or 9. We go on alerting.",
        },
      },
      colleague: {
        directions: (directions) => `How to get there: ${directions}.`,
        keys: "Press 5 if you are going. Press 9 if you cannot.",
        answer: {
          accept: "Thank you. We know now that you are going. Go there now.",
          decline: "Thank you. We know now that you cannot. We go on alerting.",
          stands: "Teams says that you are going or are there. That stands. If you cannot, say so in Teams.",
          over: "This alarm is closed already. You no longer need to go.",
          unknown: "We do not know this alarm. Look in Teams or call the control room.",
          wrong: "That was another key.",
          silent: "We received no 5 or 9. We go on alerting.",
        },
      },
      test: {
        directions: (directions) => `How to get there: ${directions}.`,
        keys: "Press 5. Then we know that this test was heard.",
        answer: {
          accept: "Thank you. This test was heard.",
          decline: "Thank you. This test was heard.",
          stands: "Thank you. This test was heard.",
          over: "This test is over already.",
          unknown: "We do not know this test.",
          wrong: "That was another key.",
          silent: "We received no 5.",
        },
      },
      "colleague-test": {
        directions: (directions) => `How to get there: ${directions}.`,
        keys: "Press 5. Then we know that your phone works in an alarm.",
        answer: {
          accept: "Thank you. We know now that you hear this.",
          decline: "Thank you. We know now that you hear this.",
          stands: "Thank you. We know now that you hear this.",
          over: "This test is over already.",
          unknown: "We do not know this test.",
          wrong: "That was another key.",
          silent: "We received no 5.",
        },
      },
    },
  },
} satisfies Record<Language, VoiceWords>;

/** How a page is spoken this time: `keys` asks for a key, `directions` says how to get there, and at whose it is. */
export interface Speaking {
  readonly caller: string;
  readonly kind: CallKind;
  readonly directions: boolean;
  readonly keys: boolean;
}

/**
 * All that is spoken once: who calls, the place twice, the address slowly, why, whom to call back, how to get there,
 * and which key. Names nobody (rule 20).
 */
export function toSpokenPage(
  { reason, incident, words: written, site }: SpokenPage,
  how: Speaking,
  language: Language,
): Speech {
  const words: VoiceWords = voice[language];
  const { caller, kind } = how;
  const known = toPlace(incident.place ?? "");
  const place = site === undefined ? known : toPlaceAt(site, known ?? terms[language].placeUnknown, language);
  if (kind === "call-off") {
    const was = place === null ? [] : [words.wasAt(place)];
    return joinSpeech([words.from(caller), words.callOff(incident.number), ...was, words.callOff(incident.number)]);
  }
  const form = words.form[kind];
  const { entrance = null, organisation = null } = site ?? {};
  const directions = withoutEnd(toLine(incident.directions ?? "", maxLineLengths.directions));
  const isTest = isTestCall(kind);
  const parts = [
    isTest ? words.fromTest(caller) : words.from(caller),
    toPlaceSentence(place, kind, words),
    toCopySentence(written?.copy, language),
    ...(isTest ? [] : toAddress(site ?? null, words, language)),
    written?.where ?? null,
    known === null || site?.usual ? toPosition(incident.position, language) : null,
    toWhy(reason, incident.responding, written?.copy, language),
    ...(isTest ? [] : toCallBack(site ?? null, words, language)),
    organisation === null || !how.directions ? null : words.organisation(withoutEnd(organisation)),
    entrance === null || !how.directions ? null : page[language].entrance(withoutEnd(entrance)),
    directions === "" || !how.directions ? null : form.directions(directions),
    incident.verification === "none" ? null : terms[language].verification[incident.verification],
    how.keys ? form.keys : words.noKeys,
  ];
  return isTest ? [words.test(joinSpeech(parts).join(""))] : joinSpeech(parts);
}

/** What is spoken after a key, or after none. */
export function toSpokenAnswer(answer: SpokenAnswer, kind: Exclude<CallKind, "call-off">, language: Language): string {
  const words: VoiceWords = voice[language];
  const { answer: answers, keys } = words.form[kind];
  const text = answer === "wrong" ? `${answers.wrong} ${keys}` : answers[answer];
  return isTestCall(kind) ? words.test(text) : text;
}

/** Whether nobody is in danger, and one key alone is an answer. */
export function isTestCall(kind: CallKind): boolean {
  return kind === "test" || kind === "colleague-test";
}

/** The place as it is spoken; null for a test of a route, which has no place. */
function toPlaceSentence(place: string | null, kind: CallKind, words: VoiceWords): string | null {
  if (isTestCall(kind)) return null;
  return place === null ? words.placeUnknown : words.place(place);
}

function toWhy(reason: SpokenPage["reason"], responding: number, copy: string | undefined, language: Language) {
  if (reason === "call-off" || isSaidByCopy(reason, copy)) return null;
  return page[language].why[toCause(reason, responding)];
}

function toPosition(position: SpokenPage["incident"]["position"], language: Language): string | null {
  if (position === null) return null;
  const [first = "", second = ""] = [position.lat, position.lon].map((degrees) => {
    const figure = degrees.toFixed(4);
    return language === "nl" ? figure.replace(".", ",") : figure;
  });
  return voice[language].position(first, second);
}

function toAddress(site: PageSite | null, words: VoiceWords, language: Language): Speech {
  const address = site?.address ?? null;
  return address === null ? [] : [words.address, { slow: `${toSpokenAddress(withoutEnd(address), language)}.` }];
}

function toCallBack(site: PageSite | null, words: VoiceWords, language: Language): Speech {
  const callBack = site?.callBack ?? null;
  if (callBack === null) return [];
  if (callBack.kind === "impossible") return [page[language].noCallBack];
  return [words.callBack, { slow: `${toSpokenNumber(callBack.number, language)}.` }];
}
