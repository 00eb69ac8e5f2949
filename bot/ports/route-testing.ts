import type { RouteTest } from "../domain/route-test/route-test.ts";

/** What a human or the provider told of the test of a route. */
export interface TestEvent {
  readonly kind: "answered" | "failed";
  readonly reason?: "no-answer" | "undelivered";
}

/** What can be asked of the tests from outside the engine. All reject when the storage is down. */
export interface RouteTesting {
  /**
   * A test of every route, or the one that is running. `by`: a name, null for the doctor; `channel`: where the result
   * is said.
   */
  start(by: string | null, channel: string | null): Promise<RouteTest>;
  load(id: string): Promise<RouteTest | null>;
  /** A colleague asked there, and a human has it. The test as it is now; null when there is none. */
  confirm(id: string, pager: string): Promise<RouteTest | null>;
}
