import type { Language } from "../../domain/language.ts";
import type { Site } from "../../domain/location.ts";
import { toSentenceMiddle } from "./line.ts";
import { terms } from "./terms.ts";

type At = Pick<Site, "location" | "mayBeAt" | "usual">;

/** Longer names would cost the place its room. */
const maxEither = 72;

/** The location and the place in one line; without locations the place alone. `place`: or why there is none. */
export function toPlaceAt(site: At | null, place: string, language: Language): string {
  if (site === null) return place;
  const { placeUnknown } = terms[language];
  return `${toLocation(site, language)}, ${place === placeUnknown ? toSentenceMiddle(place) : place}`;
}

/** The location, or where whoever pressed usually is, or of which locations it is one, or that it is unknown. */
export function toLocation({ location, mayBeAt, usual }: At, language: Language): string {
  const { locationUnknown, elsewhere, or } = terms[language];
  if (location !== null) return location;
  if (usual !== null) return elsewhere(usual);
  const either = [mayBeAt.slice(0, -1).join(", "), ...mayBeAt.slice(-1)].join(` ${or} `);
  return mayBeAt.length < 2 || either.length > maxEither ? locationUnknown : either;
}
