/**
 * Text from outside, made safe for where it goes. What a text may be at all is decided by `toLine` and `toPlace`; what
 * the medium would misread in it, by `safeFor`.
 */

/** The longest place that is shown, in characters, because a card must stay readable on a phone. */
export const maxPlaceLength = 80;

/** What parts words and is no blank: line ends, controls, the space without width, the empty Braille cell. */
const gaps = /[\p{Cc}\p{Zl}\p{Zp}\u200b\u2800]/gu;
/** What shows nothing, turns the direction of what stands beside it, or is a character to nobody but its sender. */
const unseen = /[\p{Cf}\p{Default_Ignorable_Code_Point}\p{Co}\p{Noncharacter_Code_Point}\ufffc]/gu;

/** A line that is right as it is: printable ASCII with single spaces inside, as most places and names are. */
const plainLine = /^(?:[!-~]+(?: [!-~]+)*)?$/;

/**
 * Text from outside as one line that can be shown: no control, invisible or direction characters, no half surrogates,
 * at most two marks on a letter and none without one, at most `limit` characters. "" when nothing is left. Not made
 * safe for any medium yet. A line that it returned stays as it is.
 */
export function toLine(text: string, limit: number): string {
  if (text.length <= limit && plainLine.test(text)) return text;
  const line = text
    .slice(0, limit * 8)
    .toWellFormed()
    .replace(gaps, " ")
    .replace(unseen, "")
    .normalize("NFD")
    .replace(/(\p{M}{2})\p{M}+/gu, "$1")
    .replace(/(^|\s)\p{M}+/gu, "$1")
    .normalize("NFC")
    .replace(/\s+/g, " ")
    .trim();
  const characters = [...line];
  return characters.length <= limit ? line : `${characters.slice(0, limit - 1).join("")}…`;
}

/**
 * A place that comes from outside as it is stored and shown: one line of at most `maxPlaceLength` characters, in which
 * no phone and no program finds a link; null when nothing can be seen of it.
 */
export function toPlace(text: string): string | null {
  const place = toLine(breakLinks(toLine(text, maxPlaceLength)), maxPlaceLength);
  return /[^\s\ufffd…]/u.test(place) ? place : null;
}

/**
 * The text with a blank behind what makes a link of it: the colon of an address, and the dot before the end of a host's
 * name. Phones and mail programs make links also of names without "https".
 */
function breakLinks(text: string): string {
  if (!/[.:．｡。：]/u.test(text)) return text;
  return text
    .replace(/(?<=\p{L}{2})[:：](?=\S)|[:：](?=[/／]{2})/gu, "$& ")
    .replace(/(?<=[\p{L}\p{N}_-])[.．｡。](?=\p{L}{2}|xn--)|(?<=www)\.(?=\S)/giu, "$& ")
    .replace(/(?<!\d)\d{1,3}\.(?=(?:\d{1,3}\.){2}\d{1,3})/g, "$& ");
}

/** Cuts a text, counted in UTF-16 as most limits are; no character is halved. */
export function cutText(text: string, limit: number): string {
  return text.length <= limit ? text : text.slice(0, limit).replace(/[\ud800-\udbff]$/, "");
}

const entities: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

function toMarkup(text: string, apostrophe: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? apostrophe);
}

/** Plain text of several lines. */
function toPlain(text: string): string {
  return text.toWellFormed().replace(/[^\P{Cc}\n]|[\p{Zl}\p{Zp}]/gu, " ");
}

/** The alphabet of an SMS, 3GPP TS 23.038, 6.2.1: one letter outside of it more than halves what fits into a part. */
const basic = new Set(
  "@£$¥èéùìòÇ\nØøÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-/.0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ\u00a7¿abcdefghijklmnopqrstuvwxyzäöñüà",
);
/** Signs of its second table, each of which takes the room of two. */
const extended = new Set("^{}\\[~]|€");

/** Figures and letters that are raised, lowered, in circles or in one sign with others; not digits as such. */
const figures = /[\p{No}\p{Nl}\p{Lm}ªº]+/gu;

/**
 * The text with such figures on the line, apart from what they stand beside: "12²" is not number 122. "12²" becomes
 * "12-2" and "12½" becomes "12 1/2".
 */
export function levelFigures(text: string): string {
  return text.replace(figures, (signs, at: number) => {
    const level = signs.normalize("NFKD").replaceAll("⁄", "/");
    if (level === signs) return signs;
    const gap = level.includes("/") ? " " : "-";
    const before = /[\p{L}\p{N}]\p{M}*$/u.test(text.slice(Math.max(0, at - 4), at)) ? gap : "";
    const after = /^[\p{L}\p{N}]/u.test(text.slice(at + signs.length)) ? gap : "";
    return `${before}${level}${after}`;
  });
}

/** What stands for signs that do not come apart into a letter and its mark. */
const others: Readonly<Record<string, string>> = {
  ...{ "‘": "'", "’": "'", "‚": "'", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "`": "'", "´": "'" },
  ...{
    "‐": "-",
    "‑": "-",
    "‒": "-",
    "–": "-",
    "—": "-",
    "―": "-",
    "−": "-",
    "⁻": "-",
    "₋": "-",
    "⁄": "/",
    "×": "x",
    "·": "-",
    "•": "-",
  },
  ...{ "′": "'", "″": '"' },
  ...{ œ: "oe", Œ: "OE", ł: "l", Ł: "L", đ: "d", Đ: "D", ð: "d", Ð: "D", þ: "th", Þ: "Th", ı: "i", "…": "..." },
};

/** And for those that are in the alphabet of an SMS. */
const beyondAscii: Readonly<Record<string, string>> = {
  ...others,
  ...{ ß: "ss", ẞ: "SS", æ: "ae", Æ: "AE", ø: "o", Ø: "O" },
};

/** A sign that would become longer than this becomes one question mark: a text must not swell by it. */
const maxReplacement = 4;

/** The text in that alphabet: letters without their marks, and a question mark where nothing stands for a sign. */
function toSmsAlphabet(text: string): string {
  return [...levelFigures(text).normalize("NFC")]
    .map((sign) => (isInAlphabet(sign) ? sign : toReplacement(sign)))
    .join("");
}

/** The room that a text takes in an SMS; a sign outside of the alphabet counts as it were replaced by one. */
export function countSeptets(text: string): number {
  return [...text].reduce((count, sign) => count + (extended.has(sign) ? 2 : 1), 0);
}

function isInAlphabet(sign: string): boolean {
  return basic.has(sign) || extended.has(sign);
}

function toReplacement(sign: string): string {
  const parts = [...(others[sign] ?? sign.normalize("NFKD"))].map((part) => others[part] ?? part);
  const letters = parts.filter((part) => !/\p{M}/u.test(part)).join("");
  // A mark that stands by itself belongs to the letter before it.
  if (letters === "") return "";
  if (letters.length > maxReplacement || ![...letters].every(isInAlphabet)) return "?";
  // Signs that come apart into a dot or a colon would make links of places that held none.
  return sign in others || /^[\p{L}\p{N}/ ]+$/u.test(letters) ? letters : "?";
}

/** The media that a text may go into, each with what it would misread. Each takes any text, also of several lines. */
export const safeFor = {
  /** A run of text on a card, where Markdown does nothing; "{{DATE(…)}}" is the one template that every text knows. */
  card: (text) => text.toWellFormed().replaceAll("{{", "{ {"),

  /**
   * A message in Teams: what Markdown or XML could understand becomes a numeric entity, which every client shows as the
   * character itself, whichever of the two it reads the message as. Addresses do not become links.
   */
  message: (text) =>
    text
      .toWellFormed()
      .replace(/[&<>*_~`[\]\\|#]/gu, (character) => `&#${character.codePointAt(0)};`)
      .replace(/:(?=\/\/)|www(?=\.)/giu, "$&\u200b"),

  /** Text or an attribute of a page. */
  html: (text) => toMarkup(text.toWellFormed(), "&#39;"),

  /**
   * What is spoken, as XML. What is no character in XML 1.0 (2.2) becomes a space, because one would make the whole
   * call fail.
   */
  speech: (text) =>
    toMarkup(text.replace(/[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu, " "), "&apos;"),

  /** A header of a mail: one line, so that nothing in it becomes another header, and no encoded word (RFC 2047, 2). */
  header: (text) =>
    text
      .toWellFormed()
      .replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, " ")
      .replaceAll("=?", "= ?")
      .trim(),

  /** Plain text of several lines, such as a mail or a message on a phone. */
  plain: toPlain,

  /** An SMS, in its alphabet. */
  sms: (text) => toSmsAlphabet(toPlain(text)),

  /**
   * Any receiver of DC-09: printable ASCII without accents and without the characters that delimit a frame; "" when
   * nothing is left. DC-09 allows the code page of Windows, but a receiver that reads bytes as UTF-8 would find the CRC
   * wrong and lose the alarm.
   */
  alarmCentre: (text) =>
    breakLinks(
      [...levelFigures(text).normalize("NFKD").replace(/\p{M}/gu, "")]
        .map((sign) => beyondAscii[sign] ?? sign)
        .join("")
        .replace(/\s+/g, " ")
        .replace(/(?<=[\p{L}\p{N}])[[\]|"*^_#]+(?=[\p{L}\p{N}])/gu, "-")
        .replace(/[[\]|"*^_#]/g, " ")
        .replace(/[^ -~]/gu, "?"),
    )
      .replace(/ {2,}/g, " ")
      .trim(),

  /**
   * A line of the log, which is JSON already: what a terminal or a reader could take for more than text becomes an
   * escape, and half a surrogate, which strict readers refuse, the sign for a lost character.
   */
  log: (line) =>
    /[^\n\x20-\x7e]|\\ud/i.test(line)
      ? line
          .replace(/(?<!\\)((?:\\\\)*)\\ud[89a-f][0-9a-f]{2}/gi, "$1\\ufffd")
          .replace(/[\x7f-\x9f\p{Cf}\p{Zl}\p{Zp}]/gu, toEscape)
      : line,
} as const satisfies Readonly<Record<string, (text: string) => string>>;

/** The escape of JSON for a character, in UTF-16. */
function toEscape(character: string): string {
  const units = Array.from({ length: character.length }, (_, index) => character.charCodeAt(index));
  return units.map((unit) => `\\u${unit.toString(16).padStart(4, "0")}`).join("");
}

/** JSON without half surrogates, which strict readers refuse. */
export function toJson(content: unknown): string {
  return JSON.stringify(content, (_key, value: unknown) => (typeof value === "string" ? value.toWellFormed() : value));
}
