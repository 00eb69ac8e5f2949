import type { HistoryLine } from "../domain/incident/history.ts";
import type { Incident } from "../domain/incident/incident.ts";

/** What a guard may answer on the page; `safe` closes. */
export const guardAnswers = ["accept", "decline", "arrived", "safe"] as const;
export type GuardAnswer = (typeof guardAnswers)[number];

/** What a guard's page is made of. The names of colleagues in it never reach the page. */
export interface GuardCase {
  readonly incident: Incident;
  /** The pager through which this guard was reached. */
  readonly pager: string;
  /** Oldest first. */
  readonly history: readonly HistoryLine[];
}

/**
 * A test of a route, from `startedAt` to `endsAt`; `answeredAt` once a human pressed. Moments are epoch milliseconds
 * UTC.
 */
export interface TestTimes {
  readonly startedAt: number;
  readonly endsAt: number;
  readonly answeredAt: number | null;
}

/** A test of the route by which that guard is reached: there is no incident. */
export interface TestCase {
  readonly test: TestTimes;
}
