import type { Press } from "../../domain/incident/command.ts";
import type { Incident, PageReason } from "../../domain/incident/incident.ts";
import type { Language } from "../../domain/language.ts";
import type { CallBack, PageSite } from "../../domain/location.ts";
import type { Names } from "../../domain/names.ts";
import { toLine, toPlace } from "../../kit/safe-text.ts";
import { isSaidByCopy, toCopySentence } from "../shared/copy.ts";
import { maxLineLengths } from "../shared/line.ts";
import { toPlacesSentence } from "../shared/places.ts";
import { toPlaceAt } from "../shared/site.ts";
import { type Cause, terms, toCause } from "../shared/terms.ts";
import { toClockTime } from "../shared/time.ts";

type Reason = PageReason | "update" | "call-off" | "test";

interface PageWords {
  readonly title: (place: string) => string;
  readonly updateTitle: (place: string) => string;
  readonly callOffTitle: (place: string) => string;
  readonly place: (number: number, place: string) => string;
  readonly placeUnknown: (number: number) => string;
  readonly unreadable: string;
  readonly location: (organisation: string, location: string) => string;
  readonly locationUnknown: (organisation: string) => string;
  readonly elsewhere: (organisation: string, usual: string) => string;
  readonly address: (address: string) => string;
  readonly entrance: (entrance: string) => string;
  readonly callBack: (number: string) => string;
  readonly noCallBack: string;
  readonly directions: (directions: string) => string;
  readonly position: (coordinates: string) => string;
  readonly pressed: (clock: string) => string;
  readonly presses: (count: number) => string;
  readonly why: Readonly<Record<Cause | "update" | "test", string>>;
  readonly responding: (count: number) => string;
  readonly cancelled: string;
  readonly restored: string;
  readonly ask: string;
  readonly callOff: (number: number, outcome: string) => string;
  readonly callOffOpen: (number: number) => string;
  readonly unstored: string;
  readonly unstoredPlace: (place: string) => string;
  /** A test of the route: there is no alarm, and each line says so by itself. */
  readonly testTitle: string;
  readonly testAsk: string;
}

/** What the guard reads or hears: whole sentences without names, symbols or markup, so that a voice can speak them. */
export const page = {
  nl: {
    title: (place) => `ALARM: ${place}`,
    updateTitle: (place) => `Nieuws over het alarm: ${place}`,
    callOffTitle: (place) => `Niet meer nodig: ${place}`,
    place: (number, place) => `Alarm ${number}. De plaats is: ${place}.`,
    placeUnknown: (number) => `Alarm ${number}. De plaats is onbekend.`,
    location: (organisation, location) => `Het is bij ${organisation}, locatie ${location}.`,
    locationUnknown: (organisation) => `Het is bij ${organisation}. De locatie is onbekend.`,
    elsewhere: (organisation, usual) =>
      `Het is een alarm van ${organisation}. De persoon kan onderweg zijn en is meestal bij ${usual}.`,
    address: (address) => `Het adres is: ${address}.`,
    entrance: (entrance) => `De ingang is: ${entrance}.`,
    callBack: (number) => `U kunt terugbellen op ${number}.`,
    noCallBack: "Terugbellen kan niet.",
    unreadable: "We kunnen het bericht van de knop niet lezen. Het kan een alarm zijn.",
    directions: (directions) => `Zo komt u er: ${directions}.`,
    position: (coordinates) => `Ongeveer hier: ${coordinates}.`,
    pressed: (clock) => `Er is alarm geslagen om ${clock}.`,
    presses: (count) => `Er is al ${count} keer alarm geslagen.`,
    why: {
      "nobody-coming": "Er is niemand onderweg.",
      unclaimed: "Er zijn niet genoeg collega's onderweg.",
      lapsed: "Er zou iemand komen, maar die is niet op tijd aangekomen.",
      declined: "Geen collega met dienst kan komen.",
      help: "Iemand ter plaatse heeft hulp nodig.",
      check: "Iemand ter plaatse reageert niet meer.",
      "teams-unreachable": "We kunnen de collega's nu niet bereiken.",
      "teams-busy": "Er zijn te veel berichten tegelijk. Het alarm staat nog niet in het kanaal van de collega's.",
      "nobody-on-duty": "Er heeft nu geen collega dienst.",
      "nobody-free": "De collega's met dienst zijn niet vrij of kunnen niet komen.",
      repeat: "Er is nog steeds hulp nodig. Dit is een herhaling.",
      update: "Dit is nieuws over een oproep die u al kreeg.",
      test: "Dit is een test. Er is niets aan de hand.",
    },
    responding: (count) => {
      if (count === 0) return "Er is nog geen collega onderweg.";
      return count === 1
        ? "Er is 1 collega onderweg of al ter plaatse."
        : `Er zijn ${count} collega's onderweg of al ter plaatse.`;
    },
    cancelled: "Het alarm is ingetrokken met de knop. Ga toch kijken.",
    restored: "Een deel van dit alarm is niet meer te lezen. Misschien is er al iemand onderweg.",
    ask: "Laat weten of u komt.",
    callOff: (number, outcome) => `Alarm ${number} is afgesloten: ${outcome}. U hoeft niet meer te komen.`,
    callOffOpen: (number) => `Alarm ${number}: u hoeft niet meer te komen.`,
    unstored: "Het systeem kan dit alarm niet vastleggen. U krijgt dit bericht maar één keer. Ga kijken.",
    unstoredPlace: (place) => `Alarm. De plaats is: ${place}.`,
    testTitle: "TEST: geen alarm",
    testAsk: "Niemand hoeft te komen. Laat weten dat u deze test hebt gekregen.",
  },
  en: {
    title: (place) => `ALARM at ${place}`,
    updateTitle: (place) => `News about the alarm: ${place}`,
    callOffTitle: (place) => `No longer needed: ${place}`,
    place: (number, place) => `Alarm ${number}. The place is: ${place}.`,
    placeUnknown: (number) => `Alarm ${number}. The place is unknown.`,
    location: (organisation, location) => `It is at ${organisation}, location ${location}.`,
    locationUnknown: (organisation) => `It is at ${organisation}. The location is unknown.`,
    elsewhere: (organisation, usual) =>
      `It is an alarm of ${organisation}. The person may be out, and is usually at ${usual}.`,
    address: (address) => `The address is: ${address}.`,
    entrance: (entrance) => `The entrance is: ${entrance}.`,
    callBack: (number) => `You can call back on ${number}.`,
    noCallBack: "You cannot call back.",
    unreadable: "We cannot read the message of the button. It may be an alarm.",
    directions: (directions) => `How to get there: ${directions}.`,
    position: (coordinates) => `About here: ${coordinates}.`,
    pressed: (clock) => `The alarm was raised at ${clock}.`,
    presses: (count) => `It was raised ${count} times by now.`,
    why: {
      "nobody-coming": "Nobody is on the way.",
      unclaimed: "Not enough colleagues are on the way.",
      lapsed: "Someone promised to come and did not arrive in time.",
      declined: "No colleague on duty can come.",
      help: "Someone on the spot needs help.",
      check: "Someone on the spot does not answer any more.",
      "teams-unreachable": "We cannot reach the colleagues now.",
      "teams-busy": "There are too many messages at once. The alarm is not in the colleagues' channel yet.",
      "nobody-on-duty": "No colleague is on duty now.",
      "nobody-free": "The colleagues on duty are not free or cannot come.",
      repeat: "Help is still needed. This is a repeat.",
      update: "This is news about a call that you already had.",
      test: "This is a test. Nothing is wrong.",
    },
    responding: (count) => {
      if (count === 0) return "No colleague is on the way yet.";
      return count === 1 ? "1 colleague is on the way or there." : `${count} colleagues are on the way or there.`;
    },
    cancelled: "The alarm was withdrawn with the button. Go and look anyway.",
    restored: "Part of this alarm can no longer be read. Maybe somebody is on the way already.",
    ask: "Please say whether you are coming.",
    callOff: (number, outcome) => `Alarm ${number} is closed: ${outcome}. You no longer need to come.`,
    callOffOpen: (number) => `Alarm ${number}: you no longer need to come.`,
    unstored: "The system cannot record this alarm. You get this message only once. Go and look.",
    unstoredPlace: (place) => `Alarm. The place is: ${place}.`,
    testTitle: "TEST: no alarm",
    testAsk: "Nobody has to come. Please say that you have received this test.",
  },
} satisfies Record<Language, PageWords>;

/** As `Page.words`. */
interface Finished {
  readonly title: string;
  readonly text: string;
  readonly where?: string;
  readonly copy?: string;
}

/**
 * The finished sentences of a page, update or call-off, one a line, in plain text. Names nobody (rules 17 and 20).
 * `responding`: how many colleagues are on the way or there; `copy`: the words that it may be over.
 */
export function toPageWords(
  incident: Incident,
  reason: Reason,
  responding: number,
  language: Language,
  timezone: string,
  names: Pick<Names, "places">,
  site: PageSite | null,
  copy: string | null,
): Finished {
  const words: PageWords = page[language];
  if (reason === "test") return toTestWords(language);
  const place = toPlace(incident.place ?? "");
  const shown = toPlaceAt(site, place ?? terms[language].placeUnknown, language);
  if (reason === "call-off") {
    const { number, outcome } = incident;
    const text = outcome === null ? words.callOffOpen(number) : words.callOff(number, terms[language].outcome[outcome]);
    return { title: words.callOffTitle(shown), text };
  }
  const { position, closedAt } = incident;
  const cause = toCause(reason, responding);
  const where = toWhere(incident, names, language);
  const isUnknown = (incident.restoredAt !== undefined || copy !== null) && responding === 0;
  const unknown = copy === null ? words.restored : null;
  const sentences = [
    place === null ? words.placeUnknown(incident.number) : words.place(incident.number, place),
    toCopySentence(copy, language),
    incident.unreadable ? words.unreadable : null,
    ...toSiteSentences(site, words),
    where,
    ...toWaySentences(site, incident, language),
    position === null || closedAt !== null
      ? null
      : words.position(`${position.lat.toFixed(5)}, ${position.lon.toFixed(5)}`),
    isSaidByCopy(cause, copy) ? null : words.why[cause],
    // What was so before part of it was lost, or since the copy, is not known: "nobody yet" would say too much.
    isUnknown ? unknown : cause === "nobody-coming" ? null : words.responding(responding),
    isUnknown && incident.verification === "none" ? null : terms[language].verification[incident.verification],
    incident.cancelledAt === null ? null : words.cancelled,
    incident.mayBeRepeat ? terms[language].mayBeRepeat : null,
    words.pressed(toClockTime(incident.openedAt, timezone, language)),
    incident.presses > 1 ? words.presses(incident.presses) : null,
    reason === "update" ? null : words.ask,
  ];
  const title = reason === "update" ? words.updateTitle(shown) : words.title(shown);
  return toFinished(title, sentences, where, copy);
}

/** Which location that is, and its address. */
function toSiteSentences(site: PageSite | null, words: PageWords): readonly string[] {
  if (site === null) return [];
  const { organisation, location, usual, address } = site;
  const unknown = usual === null ? words.locationUnknown(organisation) : words.elsewhere(organisation, usual);
  return [
    location === null ? unknown : words.location(organisation, location),
    ...(address === null ? [] : [words.address(withoutEnd(address))]),
  ];
}

/** Whom to call back, and how to get there. */
function toWaySentences(
  site: PageSite | null,
  { directions }: Pick<Press, "directions">,
  language: Language,
): readonly string[] {
  const words: PageWords = page[language];
  const way = withoutEnd(toLine(directions ?? "", maxLineLengths.directions));
  const { callBack = null, entrance = null } = site ?? {};
  return [
    ...(callBack === null ? [] : [toCallBackSentence(callBack, language)]),
    ...(entrance === null ? [] : [words.entrance(withoutEnd(entrance))]),
    ...(way === "" ? [] : [words.directions(way)]),
  ];
}

/** Says whom to call back. */
export function toCallBackSentence(callBack: CallBack, language: Language): string {
  const words: PageWords = page[language];
  return callBack.kind === "number" ? words.callBack(callBack.number) : words.noCallBack;
}

/** Without what ends a sentence, because ours goes on or ends by itself. */
export function withoutEnd(text: string): string {
  return text.replace(/[.\s]+$/u, "");
}

/** Where to look when a message that nothing can read names no place; null where it does, or nothing is known. */
function toWhere(
  press: Pick<Press, "unreadable" | "place" | "source">,
  names: Pick<Names, "places">,
  language: Language,
) {
  return press.unreadable && press.place === null ? toPlacesSentence(names.places(press.source), language) : null;
}

type Line = string | null;

function toFinished(title: string, sentences: readonly Line[], where: Line, copy: Line = null): Finished {
  const text = sentences.filter((sentence) => sentence !== null).join("\n");
  return { title, text, ...(where === null ? {} : { where }), ...(copy === null ? {} : { copy }) };
}

/** The finished sentences of a test of a route. */
export function toTestWords(language: Language): { title: string; text: string } {
  const { testTitle, testAsk, why } = page[language];
  return { title: testTitle, text: [why.test, testAsk].map((sentence) => `TEST. ${sentence}`).join("\n") };
}

/**
 * The finished sentences of a page that goes out from memory, because the storage is down (rule 1). `at`: epoch
 * milliseconds.
 */
export function toUnstoredPageWords(
  press: Press,
  at: number,
  language: Language,
  timezone: string,
  names: Pick<Names, "places">,
  site: PageSite | null,
): Finished {
  const words: PageWords = page[language];
  const where = toWhere(press, names, language);
  const place = toPlace(press.place ?? "") ?? terms[language].placeUnknown;
  const sentences = [
    words.unstoredPlace(place),
    ...toSiteSentences(site, words),
    where,
    ...toWaySentences(site, press, language),
    words.unstored,
    words.pressed(toClockTime(at, timezone, language)),
  ];
  return toFinished(words.title(toPlaceAt(site, place, language)), sentences, where);
}
