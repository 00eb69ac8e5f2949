import type { Person } from "../../domain/person.ts";
import type { RouteTest } from "../../domain/route-test/route-test.ts";

/** What a human or the provider reported of a route's test. */
export interface TestEvent {
  readonly kind: "answered" | "failed";
  readonly reason?: "no-answer" | "undelivered";
}

/** Tests of the routes, for callers outside the engine. All methods reject when the storage is down. */
export interface RouteTesting {
  /**
   * Starts a test of every route by which alarms of that channel call security, or returns the one that is running.
   * `by`: who asked, null for the doctor; `channel`: where the result is posted, null for nowhere, and for
   * every route.
   */
  start(by: Person | null, channel: string | null): Promise<RouteTest>;
  load(id: string): Promise<RouteTest | null>;
  /**
   * Records a colleague's word that a human has the test page. Resolves with the test as it is now; null when there is
   * none.
   */
  confirm(id: string, pager: string): Promise<RouteTest | null>;
}
