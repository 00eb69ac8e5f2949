import type { Press } from "../../domain/incident/command.ts";
import { toLine, toPlace } from "../../kit/safe-text.ts";
import { maxLineLengths } from "../../words/shared/line.ts";
import { toPlacesSentence } from "../../words/shared/places.ts";
import { terms } from "../../words/shared/terms.ts";
import type { CardContext } from "./context.ts";

/** The place in one line, or why there is none: the first thing anybody needs to know. */
export function toPlaceLine(
  alarm: Pick<Press, "place" | "unreadable" | "source">,
  { language, names }: Pick<CardContext, "language" | "names">,
): string {
  const place = toPlace(alarm.place ?? "");
  if (place !== null) return place;
  const { unreadable, placeUnknown } = terms[language];
  return alarm.unreadable ? unreadable(toLine(names.source(alarm.source), maxLineLengths.technical)) : placeUnknown;
}

/** How to get there in one line, or where to look when a message names no place; "" where nothing is known. */
export function toWayLine(
  alarm: Pick<Press, "place" | "unreadable" | "source" | "directions">,
  { language, names }: Pick<CardContext, "language" | "names">,
): string {
  const isUnknown = alarm.unreadable && alarm.place === null;
  const sentence = isUnknown ? toPlacesSentence(names.places(alarm.source), language) : null;
  return sentence ?? toLine(alarm.directions ?? "", maxLineLengths.directions);
}
