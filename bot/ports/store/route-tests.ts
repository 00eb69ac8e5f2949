import type { RouteTest } from "../../domain/route-test/route-test.ts";

/** Reads tests of the routes to external security. */
export interface RouteTestReader {
  loadRouteTest(id: string): Promise<RouteTest | null>;
  /** The test that is not over; null when there is none. */
  loadRunningTest(): Promise<RouteTest | null>;
}

/** Reads and changes tests of the routes. */
export interface RouteTestTx extends RouteTestReader {
  saveRouteTest(test: RouteTest): Promise<void>;
}
