import { maxPlaceLength } from "../../kit/safe-text.ts";

/** Longest text of one kind that is shown, in characters: what is longer pushes the question off a phone's screen. */
export const maxLineLengths = { place: maxPlaceLength, directions: 160, name: 40, technical: 40 } as const;

/** A sentence that begins with a name from the configuration, which may be a common noun: "de meldkamer". */
export function toSentenceStart(text: string): string {
  return text.replace(/^\p{Ll}/u, (letter) => letter.toUpperCase());
}
