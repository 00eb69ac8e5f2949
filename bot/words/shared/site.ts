import type { Language } from "../../domain/language.ts";
import type { Site } from "../../domain/location.ts";
import { toSentenceMiddle } from "./line.ts";
import { terms } from "./terms.ts";

/** The location and the place in one line; without locations the place alone. `place`: or why there is none. */
export function toPlaceAt(site: Pick<Site, "location" | "usual"> | null, place: string, language: Language): string {
  if (site === null) return place;
  const { placeUnknown } = terms[language];
  return `${toLocation(site, language)}, ${place === placeUnknown ? toSentenceMiddle(place) : place}`;
}

/** The location, or where whoever pressed usually is, or that it is unknown. */
export function toLocation({ location, usual }: Pick<Site, "location" | "usual">, language: Language): string {
  const { locationUnknown, elsewhere } = terms[language];
  return location ?? (usual === null ? locationUnknown : elsewhere(usual));
}
