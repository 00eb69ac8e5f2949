import { z } from "zod";
import { expects } from "../words/settings/expects.ts";

/** Hours on some days of the week by the wall clock; `toMinute` below `fromMinute` runs on into the next morning. */
interface Span {
  /** 0 is Monday. */
  readonly days: ReadonlySet<number>;
  readonly fromMinute: number;
  /** Exclusive. */
  readonly toMinute: number;
}

/** When somebody is on duty. */
export type Duty =
  | { readonly kind: "always" }
  | { readonly kind: "never" }
  | { readonly kind: "hours"; readonly spans: readonly Span[] };

/** A moment on the wall clock: 0 is Monday, minutes since midnight. */
export interface WallClock {
  readonly day: number;
  readonly minute: number;
}

const weekdays = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
const words = expects("duty");

/** "always", "never" or "mon-fri 08:00-17:30; sat,sun 22:00-06:00"; null when it is something else. */
export function parseDuty(text: string): Duty | null {
  if (text === "always" || text === "never") return { kind: text };
  const spans = text.split(";").map((part) => parseSpan(part.trim()));
  const known = spans.filter((span) => span !== null);
  return known.length === spans.length ? { kind: "hours", spans: known } : null;
}

/** `onDuty` of a person in the configuration. */
export const Duty = z.string(words).transform((text, context) => {
  const duty = parseDuty(text);
  if (duty !== null) return duty;
  context.addIssue({ code: "custom", message: words });
  return z.NEVER;
});

/** Whether somebody with this duty is on duty at that moment. */
export function isOnDuty(duty: Duty, { day, minute }: WallClock): boolean {
  if (duty.kind !== "hours") return duty.kind === "always";
  return duty.spans.some(({ days, fromMinute, toMinute }) => {
    if (fromMinute < toMinute) return days.has(day) && minute >= fromMinute && minute < toMinute;
    return (days.has(day) && minute >= fromMinute) || (days.has((day + 6) % 7) && minute < toMinute);
  });
}

/** The first moment of the week from which on nobody with one of these duties is on duty; null: somebody always is. */
export function findGap(duties: readonly Duty[]): WallClock | null {
  if (duties.some(({ kind }) => kind === "always")) return null;
  const hours = duties.filter((duty) => duty.kind === "hours");
  // Nobody is missing but where somebody stops, or nobody ever begins.
  const ends = hours.flatMap(({ spans }) => spans.flatMap(toEnds));
  const moments = [{ day: 0, minute: 0 }, ...ends].toSorted((a, b) => a.day - b.day || a.minute - b.minute);
  return moments.find((moment) => !hours.some((duty) => isOnDuty(duty, moment))) ?? null;
}

/** "fri 17:30". */
export function toMoment({ day, minute }: WallClock): string {
  const [hours, minutes] = [Math.floor(minute / 60), minute % 60].map((part) => String(part).padStart(2, "0"));
  return `${weekdays[day]} ${hours}:${minutes}`;
}

function toEnds({ days, fromMinute, toMinute }: Span): WallClock[] {
  const isNextDay = toMinute <= fromMinute || toMinute === 1440;
  return [...days].map((day) => ({ day: isNextDay ? (day + 1) % 7 : day, minute: toMinute % 1440 }));
}

/**
 * Reads the wall clock of a time zone, for moments in epoch milliseconds UTC. Duty follows the clock on the wall, so
 * the hour that is skipped in March is nobody's and the hour that comes twice in October counts twice.
 */
export function openWallClock(timezone: string): (at: number) => WallClock {
  // Making a formatter costs a hundred times what using it costs, and every press asks who is on duty.
  const format = new Intl.DateTimeFormat("en-GB", {
    timeZone: timezone,
    weekday: "short",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  });
  return (at) => {
    const parts = new Map(format.formatToParts(at).map(({ type, value }) => [type, value]));
    return {
      day: weekdays.indexOf((parts.get("weekday") ?? "").toLowerCase()),
      minute: Number(parts.get("hour")) * 60 + Number(parts.get("minute")),
    };
  };
}

function parseSpan(text: string): Span | null {
  const match = /^([a-z,-]+) +(\d\d:\d\d)-(\d\d:\d\d)$/.exec(text);
  const days = parseDays(match?.[1] ?? "");
  const fromMinute = parseMinute(match?.[2] ?? "");
  const toMinute = parseMinute(match?.[3] ?? "");
  // Equal hours could mean a whole day or nothing at all.
  if (days === null || fromMinute === null || toMinute === null || fromMinute === toMinute) return null;
  return fromMinute === 1440 ? null : { days, fromMinute, toMinute };
}

function parseDays(text: string): ReadonlySet<number> | null {
  const days = new Set<number>();
  for (const part of text.split(",")) {
    const [from = -1, to = from, ...more] = part.split("-").map((day) => weekdays.indexOf(day));
    if (from < 0 || to < 0 || more.length > 0) return null;
    for (let day = from; day !== to; day = (day + 1) % 7) days.add(day);
    days.add(to);
  }
  return days;
}

/** "24:00" is the end of the day. */
function parseMinute(text: string): number | null {
  const match = /^(\d\d):(\d\d)$/.exec(text);
  const minute = Number(match?.[1] ?? 99) * 60 + Number(match?.[2] ?? 0);
  return Number(match?.[2]) < 60 && minute <= 1440 ? minute : null;
}
