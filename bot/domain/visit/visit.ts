import type { Press } from "../incident/command.ts";
import type { Person } from "../person.ts";

const minuteMs = 60_000;

/** How long each of the two questions may stay unanswered. */
export const answerWithinMs = 2 * minuteMs;

/** Shortest and longest visit that can be announced. */
export const visitLimits = { minMs: minuteMs, maxMs: 12 * 60 * minuteMs } as const;

/**
 * Field work that somebody announced. It holds only who, and until when: no address, no client, no free text. It ends
 * when they say so, and becomes a press when they do not answer. Moments are epoch milliseconds UTC.
 */
export interface Visit {
  readonly person: Person;
  readonly startedAt: number;
  readonly endsAt: number;
  /** How often the bot has asked whether all is well. */
  readonly asked: number;
  /** The next moment at which something must be decided. */
  readonly nextAt: number;
}

/** What is due on a visit. */
export type VisitStep =
  | { readonly kind: "wait" }
  | { readonly kind: "ask"; readonly visit: Visit }
  /** Nobody answered: the visit becomes a press. */
  | { readonly kind: "press" };

/**
 * Makes a visit that begins at `now`; a second announcement replaces the first. `lengthMs` is limited to `visitLimits`.
 */
export function startVisit(person: Person, lengthMs: number, now: number): Visit {
  const { minMs, maxMs } = visitLimits;
  const endsAt = now + Math.min(maxMs, Math.max(minMs, lengthMs));
  return { person, startedAt: now, endsAt, asked: 0, nextAt: endsAt };
}

/** Makes a visit longer, counted from its end, or from `now` when that has passed. */
export function extendVisit(visit: Visit, byMs: number, now: number): Visit {
  const { startedAt, person } = visit;
  return { ...startVisit(person, Math.max(visit.endsAt, now) + byMs - now, now), startedAt };
}

/**
 * Brings a visit back that begins after `now`, because the clock was ahead when it was announced: what comes next is
 * due now. Pure. Returns the very same visit when its moments can be right.
 */
export function bringBackVisit(visit: Visit, now: number): Visit {
  const { startedAt, endsAt, asked, nextAt } = visit;
  const longestWaitMs = asked === 0 ? visitLimits.maxMs : answerWithinMs;
  if (startedAt <= now && nextAt <= now + longestWaitMs) return visit;
  const aheadMs = Math.max(startedAt, nextAt) - now;
  return { ...visit, startedAt: startedAt - aheadMs, endsAt: endsAt - aheadMs, nextAt: nextAt - aheadMs };
}

/** Since when the question that is open waits for an answer; null: nothing is asked. */
export function askedAtOf({ asked, nextAt }: Visit): number | null {
  return asked === 0 ? null : nextAt - answerWithinMs;
}

/**
 * Whether a press that was received at `at` ends the visit, because that has become its alarm. Not so what may be no
 * press of now: what can't be read, and a device that says that an alarm goes on. Pure.
 */
export function isEndedBy(
  { person, startedAt }: Visit,
  { holder, unreadable, isOngoing }: Pick<Press, "holder" | "unreadable" | "isOngoing">,
  at: number,
): boolean {
  return holder?.id === person.id && !unreadable && !isOngoing && startedAt <= at;
}

/** Decides what is due: a question at the end, one more after two minutes, and then a press. Pure. */
export function advanceVisit(visit: Visit, now: number): VisitStep {
  if (now < visit.nextAt) return { kind: "wait" };
  if (visit.asked >= 2) return { kind: "press" };
  // Counted from `now`, because after a standstill of the bot the colleague still needs the time to answer.
  return { kind: "ask", visit: { ...visit, asked: visit.asked + 1, nextAt: now + answerWithinMs } };
}
