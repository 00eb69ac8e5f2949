import type { Press } from "../../domain/incident/command.ts";
import type { Language } from "../../domain/language.ts";
import { lineLimits, toLine } from "../../words/shared/line.ts";
import { terms } from "../../words/shared/terms.ts";

/** The place in one line, or what stands in its stead: the first thing anybody needs to know. */
export function toPlaceLine(alarm: Pick<Press, "place" | "unreadable" | "source">, language: Language): string {
  const place = toLine(alarm.place ?? "", lineLimits.place);
  if (place !== "") return place;
  const { unreadable, placeUnknown } = terms[language];
  return alarm.unreadable ? unreadable(toLine(alarm.source, lineLimits.technical)) : placeUnknown;
}
