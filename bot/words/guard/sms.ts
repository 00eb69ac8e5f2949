import type { PageReason } from "../../domain/incident/incident.ts";
import type { Language } from "../../domain/language.ts";
import { cutText, safeFor } from "../../kit/safe-text.ts";

/** The parts of a page that an SMS is made of. */
interface SmsPage {
  readonly reason: PageReason | "update" | "call-off" | "test";
  readonly acceptUrl: string | null;
  readonly words: { readonly title: string; readonly text: string };
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

/** Longest text, in characters: more than three parts of an SMS arrive late, or in pieces. */
export const maxSmsLength = 480;
/** Shortest title, in characters, when a link leaves it no room. */
const minTitleLength = 40;

/**
 * The text of an SMS: title, what to do, the guard's link. At most `maxSmsLength` characters as long as the link has at
 * most 300; the link is never cut, because half a link is none. Without a link the page's own sentences follow, as far
 * as they fit.
 */
export function toSmsText(page: SmsPage, language: Language): string {
  const what = toAsk(page, sms[language]);
  const title = toTitle(page);
  if (page.acceptUrl === null) return cut(safeFor.sms(`${title}\n${what}\n${page.words.text}`), maxSmsLength);
  const end = `\n${what}\n${page.acceptUrl}`;
  return `${cut(title, Math.max(minTitleLength, maxSmsLength - end.length))}${end}`;
}

/** The text of an SMS that is no alarm: its title, and what of it fits. */
export function toReportSmsText({ title, text }: SmsPage["words"]): string {
  return cut(safeFor.sms(`${title}\n${text}`), maxSmsLength);
}

/** Puts TEST first whatever the title says, because an alarm that is none must not be read as one. */
function toTitle({ reason, words }: SmsPage): string {
  const title = safeFor.sms(words.title).replace(/\s+/g, " ").trim();
  return reason === "test" && !title.startsWith("TEST") ? `TEST ${title}` : title;
}

function toAsk({ reason, acceptUrl }: SmsPage, words: SmsWords): string {
  if (reason === "call-off") return words.callOff;
  if (reason === "test") return acceptUrl === null ? words.testWithoutLink : words.test;
  if (acceptUrl === null) return words.go;
  return reason === "update" ? words.update : words.ask;
}

/** Cuts a text, counted as SMS does, in UTF-16; a character is never halved. */
function cut(text: string, limit: number): string {
  if (text.length <= limit) return text;
  return `${cutText(text, limit - 3).trimEnd()}...`;
}
