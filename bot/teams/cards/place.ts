import type { Press } from "../../domain/incident/command.ts";
import type { Language } from "../../domain/language.ts";
import { maxLineLengths, toLine } from "../../words/shared/line.ts";
import { terms } from "../../words/shared/terms.ts";

/** The place in one line, or why there is none: the first thing anybody needs to know. */
export function toPlaceLine(alarm: Pick<Press, "place" | "unreadable" | "source">, language: Language): string {
  const place = toLine(alarm.place ?? "", maxLineLengths.place);
  if (place !== "") return place;
  const { unreadable, placeUnknown } = terms[language];
  return alarm.unreadable ? unreadable(toLine(alarm.source, maxLineLengths.technical)) : placeUnknown;
}
