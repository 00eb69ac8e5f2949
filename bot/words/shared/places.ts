import type { Language } from "../../domain/language.ts";
import { toLine } from "../../kit/safe-text.ts";
import { maxLineLengths } from "./line.ts";
import { terms } from "./terms.ts";

/** More places than this are counted, because nobody can go to all of them. */
const maxPlaces = 3;

/** Says where to look when a message names no place: "Balie, Kelder, Zaal 1 en nog 4"; null where nothing is known. */
export function toPlacesSentence(places: readonly string[], language: Language): string | null {
  const { lookAt, more } = terms[language];
  const lines = places.map((place) => toLine(place, maxLineLengths.technical)).filter((place) => place !== "");
  if (lines.length === 0) return null;
  const shown = lines.slice(0, maxPlaces).join(", ");
  return lookAt(lines.length > maxPlaces ? `${shown} ${more(lines.length - maxPlaces)}` : shown);
}
