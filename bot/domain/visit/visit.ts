import type { Person } from "../person.ts";

const minuteMs = 60_000;

/** How long each of the two questions may stay unanswered. */
export const answerWithinMs = 2 * minuteMs;

/** Shortest and longest visit that can be announced. */
export const visitLimits = { minMs: minuteMs, maxMs: 12 * 60 * minuteMs } as const;

/**
 * Field work that somebody announced: only who, and until when. No address, no client, no free text. It ends when they
 * say so; unanswered, it becomes a press. Moments are epoch milliseconds UTC.
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

/** What the passing of time asks for. */
export type VisitStep =
  | { readonly kind: "wait" }
  | { readonly kind: "ask"; readonly visit: Visit }
  /** Nobody answered: this is a press now. */
  | { readonly kind: "press" };

/** A visit that begins now; a second announcement replaces the first. Clamped to `visitLimits`. */
export function startVisit(person: Person, lengthMs: number, now: number): Visit {
  const { minMs, maxMs } = visitLimits;
  const endsAt = now + Math.min(maxMs, Math.max(minMs, lengthMs));
  return { person, startedAt: now, endsAt, asked: 0, nextAt: endsAt };
}

/** It takes longer: counted from its end, or from now when that has passed. */
export function extendVisit(visit: Visit, byMs: number, now: number): Visit {
  const { startedAt, person } = visit;
  return { ...startVisit(person, Math.max(visit.endsAt, now) + byMs - now, now), startedAt };
}

/** Asks at the end, once more after two minutes, and then presses. Pure. */
export function advanceVisit(visit: Visit, now: number): VisitStep {
  if (now < visit.nextAt) return { kind: "wait" };
  if (visit.asked >= 2) return { kind: "press" };
  // Counted from now, not from the end: after a standstill somebody still gets the time to answer.
  return { kind: "ask", visit: { ...visit, asked: visit.asked + 1, nextAt: now + answerWithinMs } };
}
