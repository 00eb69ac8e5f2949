import type { HistoryLine } from "../domain/incident/history.ts";
import type { Incident } from "../domain/incident/incident.ts";
import type { PageSite } from "../domain/location.ts";

/** The answers that a guard may give on the page; `safe` closes the incident. */
export const guardAnswers = ["accept", "decline", "arrived", "help", "safe"] as const;
export type GuardAnswer = (typeof guardAnswers)[number];

/** The data of a guard's page. The page shows no name of a colleague that is in it. */
export interface GuardCase {
  readonly incident: Incident;
  /** The pager through which this guard was reached. */
  readonly pager: string;
  /** Where the guard has to go, and whom they call back; null where there are no locations. */
  readonly site: PageSite | null;
  /** Oldest first. */
  readonly history: readonly HistoryLine[];
}

/**
 * The times of a route's test, in epoch milliseconds UTC. Answers count until `endsAt`; `answeredAt` is null until a
 * human has answered.
 */
export interface TestTimes {
  readonly startedAt: number;
  readonly endsAt: number;
  readonly answeredAt: number | null;
}

/** A test of the route by which that guard is reached, without an incident. */
export interface TestCase {
  readonly test: TestTimes;
}
