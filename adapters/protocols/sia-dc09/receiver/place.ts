import { Position } from "../../../../bot/domain/alarm.ts";
import { toPlace } from "../../../../bot/kit/safe-text.ts";

type Extended = Readonly<Record<string, string>>;

/**
 * The place that a frame names: building, room and location of the extended data (letters O, R, L), else the site (S),
 * else the text of the event (I, or in the data). null when it names none. The letters as in
 * https://github.com/eavanvalkenburg/pysiaalarm/blob/main/src/pysiaalarm/data/xdata.json
 */
export function readPlace(extended: Extended, text: string | null): string | null {
  const parts = [extended.O, extended.R, extended.L].filter((part) => part !== undefined && part.trim() !== "");
  for (const named of [parts.join(", "), extended.S, extended.I, text]) {
    const place = toPlace(toText(named ?? ""));
    if (place !== null) return place;
  }
  return null;
}

/**
 * The position in the extended data (X longitude, Y latitude); null unless both make sense. 0, 0 is null too, because a
 * receiver without a fix sends that.
 */
export function readPosition({ X, Y }: Extended): Position | null {
  const position = { lat: toDegrees(Y ?? ""), lon: toDegrees(X ?? ""), accuracyM: null };
  if (position.lat === 0 && position.lon === 0) return null;
  return Position.safeParse(position).data ?? null;
}

/**
 * Degrees from degrees and minutes (`005E13.4576`, `E005 13.4576`, also with seconds), minutes joined to the degrees as
 * satellite receivers write them (`00513.4576E`), or decimal degrees (`5.22429`, `-5.2`). null for anything else.
 */
function toDegrees(text: string): number | null {
  const letter = /[NSEW]/i.exec(text)?.[0].toUpperCase() ?? "";
  const [first, minutes = "0", seconds = "0", ...more] =
    text.replace(/(\d),(?=\d)/g, "$1.").match(/\d+(?:\.\d+)?/g) ?? [];
  if (first === undefined || more.length > 0 || Number(minutes) >= 60 || Number(seconds) >= 60) return null;
  const [, degrees = first, joinedMinutes = minutes] = /^(\d{2,3})(\d\d(?:\.\d+)?)$/.exec(first) ?? [];
  const value = Number(degrees) + Number(joinedMinutes) / 60 + Number(seconds) / 3600;
  return text.trim().startsWith("-") || letter === "S" || letter === "W" ? -value : value;
}

/**
 * Decodes a text, which is in the Western code page of Windows or, from newer senders, in UTF-8. `bytes` has one
 * character for each byte.
 */
function toText(bytes: string): string {
  const buffer = Buffer.from(bytes, "latin1");
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(buffer);
  } catch (error) {
    if (error instanceof TypeError) return new TextDecoder("windows-1252").decode(buffer);
    throw error;
  }
}
