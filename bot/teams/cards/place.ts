import type { Press } from "../../domain/incident/command.ts";
import type { Where } from "../../domain/incident/whereabouts/move.ts";
import { type Bearings, toSiteOf } from "../../domain/location.ts";
import { safeFor, toLine, toPlace } from "../../kit/safe-text.ts";
import { maxLineLengths, toSentenceMiddle } from "../../words/shared/line.ts";
import { toPlacesSentence } from "../../words/shared/places.ts";
import { toLocation } from "../../words/shared/site.ts";
import { terms } from "../../words/shared/terms.ts";
import type { CardContext } from "./context.ts";

/** Where an alarm is. `location` left out: unknown. */
type Somewhere = Pick<Press, "place" | "unreadable" | "source"> & Bearings & Partial<Where>;

/** A button with more letters than this is cut by the narrowest phone; the place stands above it in full. */
const maxOnButton = 29;
/** So much of the place stands there whatever the button says. */
const minPlaceOnButton = 8;
/** So much of the end of a place stays that is cut, because that is where "Room 3" and "Room 4" differ. */
const endOnButton = 4;

type PlaceContext = Pick<CardContext, "language" | "names">;

/**
 * The location and the place in one line, or why there is none: the first thing anybody needs to know. Where no
 * locations are configured, nothing is said of one.
 */
export function toPlaceLine(alarm: Somewhere, context: PlaceContext): string {
  const location = toLocationName(alarm, context);
  const place = toPlace(alarm.place ?? "");
  if (location === null) return place ?? toReason(alarm, context);
  return `${location}, ${place ?? toSentenceMiddle(toReason(alarm, context))}`;
}

/** What stands on a button where another alarm has the same one: "I'm going: Desk". Its location stands above it. */
export function toButtonOf(alarm: Somewhere, title: string, context: PlaceContext): string {
  const place = toPlace(alarm.place ?? "") ?? toPlaceLine(alarm, context);
  const limit = Math.max(minPlaceOnButton, maxOnButton - title.length);
  return `${title}: ${safeFor.card(toShort(place, limit))}`;
}

/** A name in so many letters at most; what is cut out is its middle. */
export function toShort(name: string, limit: number): string {
  const letters = [...name];
  if (letters.length <= limit) return name;
  return [...letters.slice(0, limit - endOnButton - 1), "…", ...letters.slice(-endOnButton)].join("");
}

/** Where to look when a message that can't be read names no place; "" for any other, and where nothing is known. */
export function toWhereToLook(
  { place, unreadable, source }: Pick<Press, "place" | "unreadable" | "source">,
  { language, names }: PlaceContext,
): string {
  return unreadable && place === null ? (toPlacesSentence(names.places(source), language) ?? "") : "";
}

/** How to get there in one line; "" where that is not known. */
export function toDirections({ directions }: Pick<Press, "directions">): string {
  return toLine(directions ?? "", maxLineLengths.directions);
}

/** Where to look, or how to get there, in one line; "" where neither is known. */
export function toWayLine(
  alarm: Pick<Press, "place" | "unreadable" | "source" | "directions">,
  context: PlaceContext,
): string {
  return toWhereToLook(alarm, context) || toDirections(alarm);
}

function toLocationName(alarm: Somewhere, { language, names }: PlaceContext): string | null {
  const site = names.site(alarm);
  return site && toLine(toLocation(toSiteOf(site, alarm), language), maxLineLengths.where);
}

/** Why there is no place. */
function toReason({ unreadable, source }: Somewhere, { language, names }: PlaceContext): string {
  const words = terms[language];
  return unreadable ? words.unreadable(toLine(names.source(source), maxLineLengths.technical)) : words.placeUnknown;
}
