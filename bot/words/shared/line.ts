import { maxPlaceLength } from "../../kit/safe-text.ts";

/** Longest text of one kind that is shown, in characters: what is longer pushes the question off a phone's screen. */
export const maxLineLengths = {
  place: maxPlaceLength,
  location: 40,
  /** A place behind the location to which it belongs, or where whoever pressed usually is. */
  where: maxPlaceLength + 76,
  directions: 160,
  organisation: 80,
  address: 100,
  entrance: 120,
  name: 40,
  technical: 40,
} as const;

/** A sentence as it goes on behind a comma. */
export function toSentenceMiddle(text: string): string {
  return text.replace(/^\p{Lu}(?=\p{Ll})/u, (letter) => letter.toLowerCase());
}

/** A sentence that begins with a name from the configuration, which may be a common noun: "de meldkamer". */
export function toSentenceStart(text: string): string {
  return text.replace(/^\p{Ll}/u, (letter) => letter.toUpperCase());
}
