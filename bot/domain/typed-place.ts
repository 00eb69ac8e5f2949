/** Longest text that is searched for a place, in characters; a place is cut to 80 anyway. */
const maxTyped = 400;
/** More words than this are a sentence: it may name people, and no place is looked for in it. */
const maxPlaceWords = 3;

/**
 * What was typed, without the marks around it, in as far as a place is looked for in it; null without a letter or
 * digit.
 */
export function toTyped(text: string): string | null {
  const bare = text
    .slice(0, maxTyped)
    .replace(/^[\s!?.,:;-]+/u, "")
    .replace(/[\s!?.,:;]+$/u, "");
  return /[\p{L}\p{N}]/u.test(bare) ? bare : null;
}

/** Whether that is more than a place. */
export function isSentence(typed: string): boolean {
  return typed.split(/\s+/u).length > maxPlaceWords;
}
