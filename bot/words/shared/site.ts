import type { Language } from "../../domain/language.ts";
import type { Site } from "../../domain/location.ts";
import { toSentenceMiddle } from "./line.ts";
import { terms } from "./terms.ts";

/** The location and the place in one line; without locations the place alone. `place`: or why there is none. */
export function toPlaceAt(site: Pick<Site, "location"> | null, place: string, language: Language): string {
  if (site === null) return place;
  const { placeUnknown, locationUnknown } = terms[language];
  return `${site.location ?? locationUnknown}, ${place === placeUnknown ? toSentenceMiddle(place) : place}`;
}
