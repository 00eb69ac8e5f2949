/** Longest text of one kind that is shown, in characters: what is longer pushes the question off a phone's screen. */
export const maxLineLengths = { place: 80, directions: 160, name: 40, technical: 40 } as const;

/** A sentence that begins with a name from the configuration, which may be a common noun: "de meldkamer". */
export function toSentenceStart(text: string): string {
  return text.replace(/^\p{Ll}/u, (letter) => letter.toUpperCase());
}

/**
 * Text from outside as one line that can be shown: no control or direction characters, no half surrogates, at most
 * `limit` characters. Not escaped for any markup; that belongs to whoever puts it into markup.
 */
export function toLine(text: string, limit: number): string {
  const line = text
    .slice(0, limit * 8)
    .toWellFormed()
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, " ")
    .replace(/\s+/g, " ")
    .trim();
  const characters = [...line];
  return characters.length <= limit ? line : `${characters.slice(0, limit - 1).join("")}…`;
}
