import type { DeliveryFailure } from "../incident/incident.ts";
import { formatKey, parseKey } from "../message-key.ts";

/** How long a human has to answer a test. */
export const testLengthMs = 30 * 60_000;

/**
 * How far the test of one route came. `accepted`: the provider has it. `answered`: a human answered, and nothing else
 * proves the route. `failed`: it is not tried again; before the next try the state is `queued`, and `failure` says why
 * the last one failed.
 */
export interface PagerTest {
  readonly state: "queued" | "accepted" | "answered" | "failed";
  readonly failure: DeliveryFailure | null;
  /** Who confirmed that a human has it: that guard, or a colleague who asked them. null: nobody yet. */
  readonly toldBy: "guard" | "colleague" | null;
  readonly tries: number;
  readonly at: number;
}

/**
 * One test of every route to external security. It is no incident: nobody is in danger. Moments are epoch milliseconds
 * UTC.
 */
export interface RouteTest {
  readonly id: string;
  readonly startedAt: number;
  /** Answers count until then. */
  readonly endsAt: number;
  /** The name of who started it; null: the doctor. */
  readonly by: string | null;
  /** The channel that gets the result; null: none. */
  readonly channel: string | null;
  /** By the pager's name in the configuration. */
  readonly routes: Readonly<Record<string, PagerTest>>;
  /** When the result is due; null: it is over. */
  readonly nextAt: number | null;
}

/** The test of that pager, which is named by whoever reports of it; undefined: it is not tested. */
export function routeOf({ routes }: Pick<RouteTest, "routes">, pager: string): PagerTest | undefined {
  return Object.hasOwn(routes, pager) ? routes[pager] : undefined;
}

/** Makes a test of these pagers that begins at `now`. */
export function startTest(
  id: string,
  pagers: readonly string[],
  { by, channel }: Pick<RouteTest, "by" | "channel">,
  now: number,
): RouteTest {
  const endsAt = now + testLengthMs;
  const queued: PagerTest = { state: "queued", failure: null, toldBy: null, tries: 0, at: now };
  const routes = Object.fromEntries(pagers.map((pager) => [pager, queued]));
  return { id, startedAt: now, endsAt, by, channel, routes, nextAt: endsAt };
}

/**
 * Whether the test page of this route is still to be sent; not after an answer, the test's end or a failure for good.
 */
export function isTestWanted(test: RouteTest, pager: string, now: number): boolean {
  return test.nextAt !== null && now < test.endsAt && routeOf(test, pager)?.state === "queued";
}

/** Records that the provider has the test page; no human has answered yet. */
export function acceptTest(test: RouteTest, pager: string, now: number): RouteTest {
  // A report from the provider, or a human's answer, may have come before the receipt.
  if (routeOf(test, pager)?.state !== "queued") return test;
  return changePagerTest(test, pager, { state: "accepted", failure: null, at: now });
}

/** Records a try that failed; `isRetried`: there will be another one. */
export function failTry(
  test: RouteTest,
  pager: string,
  { reason, isRetried }: { readonly reason: DeliveryFailure; readonly isRetried: boolean },
  now: number,
): RouteTest {
  const pagerTest = routeOf(test, pager);
  if (pagerTest?.state !== "queued") return test;
  const tries = pagerTest.tries + 1;
  return changePagerTest(test, pager, { state: isRetried ? "queued" : "failed", failure: reason, tries, at: now });
}

/** Records the provider's report that the test page reached nobody. */
export function failTest(test: RouteTest, pager: string, reason: DeliveryFailure, now: number): RouteTest {
  const pagerTest = routeOf(test, pager);
  if (pagerTest === undefined || pagerTest.state === "answered" || now >= test.endsAt) return test;
  return changePagerTest(test, pager, { state: "failed", failure: reason, at: now });
}

/**
 * Records that a human answered. Any answer counts, because a test asks for nothing more. Returns the same test when
 * that was known, or when the test is over.
 */
export function answerTest(test: RouteTest, pager: string, now: number): RouteTest {
  const pagerTest = routeOf(test, pager);
  if (pagerTest === undefined || pagerTest.state === "answered" || now >= test.endsAt) return test;
  return changePagerTest(test, pager, { state: "answered", failure: null, toldBy: "guard", at: now });
}

/**
 * Records a colleague's word that a human has the test page. It counts only after the provider accepted the page,
 * because nothing else can have arrived.
 */
export function confirmTest(test: RouteTest, pager: string, now: number): RouteTest {
  if (routeOf(test, pager)?.state !== "accepted" || now >= test.endsAt) return test;
  return changePagerTest(test, pager, { state: "answered", toldBy: "colleague", at: now });
}

/**
 * Brings a test back that began after `now`, because the clock was ahead then: its result is due now. Pure. Returns the
 * very same test when its moments can be right.
 */
export function bringBackTest(test: RouteTest, now: number): RouteTest {
  const { startedAt, endsAt, routes, nextAt } = test;
  const lastAt = Math.max(startedAt, ...Object.values(routes).map(({ at }) => at));
  if (nextAt === null || (lastAt <= now && nextAt <= now + testLengthMs)) return test;
  const aheadMs = Math.max(lastAt, nextAt) - now;
  const entries = Object.entries(routes).map(
    ([pager, route]) => [pager, { ...route, at: route.at - aheadMs }] as const,
  );
  return {
    ...test,
    startedAt: startedAt - aheadMs,
    endsAt: endsAt - aheadMs,
    routes: Object.fromEntries(entries),
    nextAt: nextAt - aheadMs,
  };
}

/** Ends the test, so that its result is due no more. */
export function endTest(test: RouteTest): RouteTest {
  return { ...test, nextAt: null };
}

/** The key of the test page of one route. It stays the same over retries. */
export function toTestKey(test: string, pager: string): string {
  return formatKey({ kind: "test", pager, test });
}

/** Reads the text of such a key; null when it is none. */
export function parseTestKey(text: string): { readonly test: string; readonly pager: string } | null {
  const key = parseKey(text);
  return key?.kind === "test" ? { test: key.test, pager: key.pager } : null;
}

/** Changes one route of a test. When every route is answered or failed, the result is due at once. */
function changePagerTest(test: RouteTest, pager: string, part: Partial<PagerTest>): RouteTest {
  const pagerTest = routeOf(test, pager);
  if (pagerTest === undefined) return test;
  const routes = { ...test.routes, [pager]: { ...pagerTest, ...part } };
  const isDone = Object.values(routes).every(({ state }) => state === "answered" || state === "failed");
  const nextAt = test.nextAt !== null && isDone ? Math.min(test.nextAt, part.at ?? test.nextAt) : test.nextAt;
  return { ...test, routes, nextAt };
}
