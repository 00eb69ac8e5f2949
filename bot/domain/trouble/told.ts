import { z } from "zod";

/** Between two reports, so that a fault that comes and goes fills nobody's mailbox. */
const quietForMs = 10 * 60_000;
/** After a start: part of what is wrong is known in memory alone, and found again within this time. */
const unsureForMs = 5 * 60_000;

/** A trouble that is told outside Teams. `id`: the same for as long as it lasts. */
export interface NamedTrouble {
  readonly id: string;
  /** What it is in a few words, for when it is over. */
  readonly label: string;
  /** Is told at once; the others once a day. */
  readonly isUrgent: boolean;
}

const Told = z.object({
  /** A date as ISO 8601 writes it. */
  day: z.string(),
  at: z.number(),
  troubles: z.array(z.object({ id: z.string(), label: z.string() })),
});

/** What was told last, and when. */
export type Told = Readonly<z.infer<typeof Told>>;

/** Reads what `formatTold` wrote; null when it is none. */
export function parseTold(text: string | null): Told | null {
  try {
    return Told.safeParse(JSON.parse(text ?? "")).data ?? null;
  } catch {
    return null;
  }
}

export function formatTold({ day, at, troubles }: Told): string {
  return JSON.stringify({ day, at, troubles });
}

/** What was told and is over; nothing is, soon after a start. Moments in epoch milliseconds. Pure. */
export function findOver(told: Told | null, troubles: readonly NamedTrouble[], now: number, startedAt: number) {
  if (told === null || now - startedAt < unsureForMs) return [];
  const ids = new Set(troubles.map(({ id }) => id));
  return told.troubles.filter(({ id }) => !ids.has(id));
}

/** Whether something urgent was not told yet, or something that was told is over. Pure. */
export function hasNews(told: Told | null, troubles: readonly NamedTrouble[], now: number, startedAt: number): boolean {
  const before = new Set(told?.troubles.map(({ id }) => id));
  const isNew = troubles.some(({ id, isUrgent }) => isUrgent && !before.has(id));
  return isNew || findOver(told, troubles, now, startedAt).length > 0;
}

/** Whether there is news to tell before the day's report. Pure. */
export function isReportDue(
  told: Told | null,
  troubles: readonly NamedTrouble[],
  now: number,
  startedAt: number,
): boolean {
  const isQuiet = told !== null && now - told.at < quietForMs;
  return !isQuiet && hasNews(told, troubles, now, startedAt);
}

/** What has been told once these are: what was told before and may still be so stays among them. Pure. */
export function noteTold(
  told: Told | null,
  troubles: readonly NamedTrouble[],
  { day, now, startedAt }: { readonly day: string; readonly now: number; readonly startedAt: number },
): Told {
  const gone = new Set([...findOver(told, troubles, now, startedAt), ...troubles].map(({ id }) => id));
  const unsure = told?.troubles.filter(({ id }) => !gone.has(id)) ?? [];
  return { day, at: now, troubles: [...troubles.map(({ id, label }) => ({ id, label })), ...unsure] };
}
