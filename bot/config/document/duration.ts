import { z } from "zod";
import { expects } from "../../words/settings/expects.ts";

const units = new Map([
  ["ms", 1],
  ["s", 1000],
  ["m", 60_000],
  ["h", 3_600_000],
]);

const dayMs = 24 * 3_600_000;
const words = expects("duration");

/**
 * Parses "500ms", "60s", "2m" or "1h" to milliseconds; null when it is something else or longer than `maxMs`, a day by
 * default.
 */
export function parseDuration(text: string, maxMs = dayMs): number | null {
  const match = /^(\d{1,8})(ms|s|m|h)$/.exec(text);
  const unit = units.get(match?.[2] ?? "");
  if (unit === undefined) return null;
  const durationMs = Number(match?.[1]) * unit;
  return durationMs <= maxMs ? durationMs : null;
}

/** A duration of the configuration, in milliseconds. */
export const Duration = z.string(words).transform((text, context) => {
  const durationMs = parseDuration(text);
  if (durationMs !== null) return durationMs;
  context.addIssue({ code: "custom", message: words });
  return z.NEVER;
});

/**
 * A duration that people or networks need to do something in: a second at least, because a shorter one has passed
 * before it begins.
 */
export const Patience = Duration.refine((durationMs) => durationMs >= 1000, expects("patience"));

const silentWords = expects("silentAfter");

/** How long a button may be silent, in milliseconds, or "never" when its silence is no trouble. */
export const SilentAfter = z.string(silentWords).transform((text, context) => {
  if (text === "never") return text;
  const ms = parseDuration(text, 30 * dayMs);
  if (ms !== null && ms >= 60_000) return ms;
  context.addIssue({ code: "custom", message: silentWords });
  return z.NEVER;
});
