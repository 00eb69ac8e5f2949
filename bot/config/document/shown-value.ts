import type { Path } from "./document.ts";

/** Settings that are never a secret, wherever they stand. */
const plainSettings: readonly string[] = [
  ...["language", "timezone", "host", "port", "transport", "protocol", "security", "region", "model"],
  ...["type", "policy", "channel", "silentAfter", "source", "onDuty", "lead", "fixed", "local", "location"],
  ...["after", "tell", "page", "call", "by", "claimsNeeded", "repeatEvery"],
  ...["arriveWithin", "teamsWithin", "guardWithin", "checkAfter", "checkAnswerWithin"],
];

/** One word after the other, or numbers; what was made at random looks otherwise, in whatever setting it was put. */
const plainText = /^(?=.{1,40}$)(?:(?:\p{L}?\p{Ll}*\d{0,3}|\p{Lu}+|\d{1,6}\p{Ll}{0,2})(?:[ ./:;,+_-]|$))+$/u;

/**
 * The value of a setting as a report may show it, in quotes where it is text; null where it may be a secret, or says
 * nothing. `value` is as it stands in the file, so that nothing of the environment is shown.
 */
export function toShownValue(path: Path, value: unknown): string | null {
  if (!plainSettings.includes(String(path.at(-1)))) return null;
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  return typeof value === "string" && plainText.test(value) ? `"${value}"` : null;
}
