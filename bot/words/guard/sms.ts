import type { PageReason } from "../../domain/incident/incident.ts";
import type { Language } from "../../domain/language.ts";
import type { PageSite } from "../../domain/location.ts";
import { countSeptets, safeFor, toLine, toPlace } from "../../kit/safe-text.ts";
import { toCopySentence } from "../shared/copy.ts";
import { maxLineLengths } from "../shared/line.ts";
import { toPlaceAt } from "../shared/site.ts";
import { terms } from "../shared/terms.ts";
import { page as pageWords, toCallBackSentence } from "./page.ts";

/** The parts of a page that an SMS is made of. */
interface SmsPage {
  readonly reason: PageReason | "update" | "call-off" | "test";
  readonly acceptUrl: string | null;
  readonly words: { readonly title: string; readonly text: string; readonly where?: string; readonly copy?: string };
}

/** The same where the configuration has locations. */
interface SmsPageAt extends SmsPage {
  readonly site: PageSite;
  readonly incident: { readonly place: string | null; readonly directions: string | null };
}

interface SmsWords {
  /** Stands above the link. */
  readonly ask: string;
  /** Stands in its place, when there is no link. */
  readonly go: string;
  readonly update: string;
  readonly callOff: string;
  readonly test: string;
  readonly testWithoutLink: string;
}

/** The one line of an SMS that says what to do. */
export const sms = {
  nl: {
    ask: "Komt u? Laat het weten via deze link:",
    go: "Ga er nu heen.",
    update: "Er is nieuws. Lees het via deze link:",
    callOff: "U hoeft niet meer te komen.",
    test: "TEST: er is niets aan de hand. Open deze link en druk op de knop:",
    testWithoutLink: "TEST: er is niets aan de hand.",
  },
  en: {
    ask: "Are you coming? Say so with this link:",
    go: "Go there now.",
    update: "There is news. Read it with this link:",
    callOff: "You no longer need to come.",
    test: "TEST: nothing is wrong. Open this link and press the button:",
    testWithoutLink: "TEST: nothing is wrong.",
  },
} satisfies Record<Language, SmsWords>;

/** Longest text, in septets: more than three parts of an SMS, of 153 each, arrive late, or in pieces. */
export const maxSmsLength = 459;
/** Shortest title, in septets, when a link leaves it no room. */
const minTitleLength = 40;
/** Room for a place and an address of the greatest length, with some signs that take more of it. */
const roomFor = { place: maxLineLengths.place + 20, address: maxLineLengths.address + 20 } as const;

/**
 * What is left out until the text fits, in this order. The place, the address and the link are not among them: they
 * are never cut, nor is that it may be over, also where a link of more than 200 characters takes a fourth part (of more
 * than 150 where it may be over).
 */
const leftOut = ["directions", "entrance", "organisation", "where", "unstored", "ask", "location", "callBack"] as const;
type Part = (typeof leftOut)[number];

/**
 * The text of an SMS: title, what to do, the guard's link; where there are locations also the address, whom to call
 * back, and how to get there. At most `maxSmsLength` septets as long as the link has at most 200 characters, or 150
 * where it may be over; the link is never cut, because half a link is none. Without a link the page's own sentences
 * follow, as far as they fit.
 */
export function toSmsText(page: SmsPage | SmsPageAt, language: Language): string {
  if ("site" in page && page.reason !== "test") return toTextAt(page, language);
  const what = [...toCopyLine(page, language), toAsk(page, sms[language])].join("\n");
  const title = toTitle(page);
  if (page.acceptUrl === null) return cut(safeFor.sms(`${title}\n${what}\n${page.words.text}`), maxSmsLength);
  const end = `\n${what}\n${page.acceptUrl}`;
  return `${cut(title, Math.max(minTitleLength, maxSmsLength - countSeptets(end)))}${end}`;
}

/** The text of an SMS that is no alarm: its title, and what of it fits. */
export function toReportSmsText({ title, text }: SmsPage["words"]): string {
  return cut(safeFor.sms(`${title}\n${text}`), maxSmsLength);
}

/** The longest text that fits. */
function toTextAt(page: SmsPageAt, language: Language): string {
  for (const count of leftOut.keys()) {
    const text = toLines(page, new Set(leftOut.slice(0, count)), language);
    if (countSeptets(text) <= maxSmsLength) return text;
  }
  return toLines(page, new Set(leftOut), language);
}

function toLines(page: SmsPageAt, without: ReadonlySet<Part>, language: Language): string {
  const { site, incident, reason, acceptUrl, words } = page;
  const { title, updateTitle, callOffTitle, entrance, directions, unstored } = pageWords[language];
  const place = cut(toOneLine(toPlace(incident.place ?? "") ?? terms[language].placeUnknown), roomFor.place);
  const at = safeFor.sms(toPlaceAt(without.has("location") ? null : site, place, language));
  const address = site.address === null ? null : cut(toOneLine(site.address), roomFor.address);
  const way = toLine(incident.directions ?? "", maxLineLengths.directions);
  const isCallOff = reason === "call-off";
  const optional = (part: Part, line: string | null) => (line === null || without.has(part) ? [] : [toOneLine(line)]);
  const around = [
    [...optional("organisation", site.organisation), ...(address === null ? [] : [address])].join(", "),
    ...optional("callBack", site.callBack && toCallBackSentence(site.callBack, language)),
    ...optional("entrance", site.entrance && entrance(site.entrance)),
    ...optional("directions", way === "" ? null : directions(way)),
    ...optional("where", words.where ?? null),
    ...optional("unstored", acceptUrl === null ? unstored : null),
  ];
  return [
    isCallOff ? callOffTitle(at) : reason === "update" ? updateTitle(at) : title(at),
    ...toCopyLine(page, language),
    ...(isCallOff ? [] : around.filter((line) => line !== "")),
    ...optional("ask", toAsk(page, sms[language])),
    ...(acceptUrl === null ? [] : [acceptUrl]),
  ].join("\n");
}

/** Puts TEST first whatever the title says, because an alarm that is none must not be read as one. */
function toTitle({ reason, words }: SmsPage): string {
  const title = toOneLine(words.title);
  return reason === "test" && !title.startsWith("TEST") ? `TEST ${title}` : title;
}

function toCopyLine({ words }: SmsPage, language: Language): readonly string[] {
  const copy = toCopySentence(words.copy, language);
  return copy === null ? [] : [toOneLine(copy)];
}

function toOneLine(text: string): string {
  return safeFor.sms(text).replace(/\s+/g, " ").trim();
}

function toAsk({ reason, acceptUrl }: SmsPage, words: SmsWords): string {
  if (reason === "call-off") return words.callOff;
  if (reason === "test") return acceptUrl === null ? words.testWithoutLink : words.test;
  if (acceptUrl === null) return words.go;
  return reason === "update" ? words.update : words.ask;
}

/** Cuts a text to so many septets; a sign of two is never halved. */
function cut(text: string, limit: number): string {
  if (countSeptets(text) <= limit) return text;
  let room = limit - 3;
  const kept = [...text].filter((sign) => {
    room -= countSeptets(sign);
    return room >= 0;
  });
  return `${kept.join("").trimEnd()}...`;
}
