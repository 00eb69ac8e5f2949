import type { DeliveryFailure } from "../incident/incident.ts";
import { formatKey, parseKey } from "../message-key.ts";

/** How long a human has to answer a test. */
export const testLengthMs = 30 * 60_000;

/**
 * How far the test of one route came. `accepted`: the provider has it. `answered`: a human did, and nothing else proves
 * the route. `failed`: it is not tried again; while it is, the state stays `queued` and `failure` says why.
 */
export interface PagerTest {
  readonly state: "queued" | "accepted" | "answered" | "failed";
  readonly failure: DeliveryFailure | null;
  /** Who told that a human has it: that human, or a colleague who asked there. null: nobody yet. */
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
  /** Where the result is said; null: nowhere. */
  readonly channel: string | null;
  /** By the pager's name in the configuration. */
  readonly routes: Readonly<Record<string, PagerTest>>;
  /** When the result is due; null: it is over. */
  readonly nextAt: number | null;
}

/** A test that begins now, over these pagers. */
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

/** Whether this route's page is still to be sent: an answer, the end or a failure for good takes it back. */
export function isTestWanted(test: RouteTest, pager: string, now: number): boolean {
  return test.nextAt !== null && now < test.endsAt && test.routes[pager]?.state === "queued";
}

/** The provider has it; no human has answered by that. */
export function acceptTest(test: RouteTest, pager: string, now: number): RouteTest {
  // What the provider or a human told of it may have been faster than the receipt.
  if (test.routes[pager]?.state !== "queued") return test;
  return set(test, pager, { state: "accepted", failure: null, at: now });
}

/** A try that failed; `isRetried`: there will be another one. */
export function failTry(
  test: RouteTest,
  pager: string,
  { reason, isRetried }: { readonly reason: DeliveryFailure; readonly isRetried: boolean },
  now: number,
): RouteTest {
  const route = test.routes[pager];
  if (route?.state !== "queued") return test;
  const tries = route.tries + 1;
  return set(test, pager, { state: isRetried ? "queued" : "failed", failure: reason, tries, at: now });
}

/** The provider had it, and it reached nobody. */
export function failTest(test: RouteTest, pager: string, reason: DeliveryFailure, now: number): RouteTest {
  const route = test.routes[pager];
  if (route === undefined || route.state === "answered" || now >= test.endsAt) return test;
  return set(test, pager, { state: "failed", failure: reason, at: now });
}

/**
 * A human answered, whatever they answered: that is what a test asks for. The same test when it was known, or is over.
 */
export function answerTest(test: RouteTest, pager: string, now: number): RouteTest {
  const route = test.routes[pager];
  if (route === undefined || route.state === "answered" || now >= test.endsAt) return test;
  return set(test, pager, { state: "answered", failure: null, toldBy: "guard", at: now });
}

/** A colleague asked there, and a human has it. Only of what the provider took: nothing else can have arrived. */
export function confirmTest(test: RouteTest, pager: string, now: number): RouteTest {
  if (test.routes[pager]?.state !== "accepted" || now >= test.endsAt) return test;
  return set(test, pager, { state: "answered", toldBy: "colleague", at: now });
}

/** The test once its result was said. */
export function endTest(test: RouteTest): RouteTest {
  return { ...test, nextAt: null };
}

/** The key of the page of a test: the same over retries. */
export function toTestKey(test: string, pager: string): string {
  return formatKey({ kind: "test", pager, test });
}

/** Takes such a key apart; null when it is none. */
export function parseTestKey(text: string): { readonly test: string; readonly pager: string } | null {
  const key = parseKey(text);
  return key?.kind === "test" ? { test: key.test, pager: key.pager } : null;
}

/** Once no route can come to anything else, the result is due at once. */
function set(test: RouteTest, pager: string, part: Partial<PagerTest>): RouteTest {
  const route = test.routes[pager];
  if (route === undefined) return test;
  const routes = { ...test.routes, [pager]: { ...route, ...part } };
  const isDone = Object.values(routes).every(({ state }) => state === "answered" || state === "failed");
  const nextAt = test.nextAt !== null && isDone ? Math.min(test.nextAt, part.at ?? test.nextAt) : test.nextAt;
  return { ...test, routes, nextAt };
}
