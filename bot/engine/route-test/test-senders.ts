import type { Page, ReadyPager } from "../../contracts.ts";
import { acceptTest, failTry, isTestWanted, parseTestKey, type RouteTest } from "../../domain/route-test/route-test.ts";
import { done } from "../../ports/send-outcome.ts";
import type { TeamsSender } from "../../ports/teams-sender.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { atMost, type Senders, soonGivenUp } from "../kernel/outbox/sender.ts";
import { pagerOf } from "../kernel/pager-of.ts";
import type { RouteTests } from "./route-tests.ts";

/** Whoever tests wants to know that a route fails, and nobody waits for help. */
const maxTestAttempts = 3;
const maxResultAttempts = 8;

export interface TestSendersOptions {
  readonly tests: RouteTests;
  readonly teams: TeamsSender;
  readonly pagers: Readonly<Record<string, ReadyPager>>;
  readonly toAcceptUrl: (key: string) => string;
  readonly words: Page["words"];
}

const isTriedAgain = soonGivenUp(maxTestAttempts);

/** The test of a route, and what came of the test of all of them. */
export function createTestSenders(
  { clock }: Kernel,
  { tests, teams, pagers, toAcceptUrl, words }: TestSendersOptions,
): Pick<Senders, "test" | "test-result"> {
  async function load(key: string): Promise<RouteTest | null> {
    const parsed = parseTestKey(key);
    return parsed && tests.load(parsed.test);
  }

  function toPage(key: string, { id, startedAt }: RouteTest): Page {
    const nowhere = { directions: null, position: null, verification: "none", responding: 0 } as const;
    const incident = { id, number: 0, place: "TEST", raisedAt: startedAt, ...nowhere };
    return { key, pageKey: key, earlier: [], reason: "test", incident, acceptUrl: toAcceptUrl(key), words };
  }

  return {
    test: {
      /** An answer, the end or a failure for good takes it back. */
      async before({ outgoing: { page, pager } }) {
        const test = await load(page);
        return test !== null && isTestWanted(test, pager, clock.now()) ? "send" : "drop";
      },
      async send({ outgoing: { page, pager } }, signal) {
        const test = await load(page);
        if (test !== null) await pagerOf(pagers, pager).page(toPage(page, test), signal);
        return done;
      },
      async after(tx, { outgoing: { page } }, { failure, isRetried }) {
        const key = parseTestKey(page);
        if (key === null) return [];
        if (failure === null) {
          await tests.change(tx, key, acceptTest);
          return [];
        }
        const { reason } = failure;
        await tests.change(tx, key, (test, pager, now) => failTry(test, pager, { reason, isRetried }, now));
        return [];
      },
      async retry(failed, { outgoing }) {
        // Nobody counts what comes after the end, so that the try before it is the last one.
        const test = await load(outgoing.page);
        return test !== null && failed.nextAt < test.endsAt && isTriedAgain(failed);
      },
      failedEvent: "route-test-failed",
      // Somebody looks on: 1 and 2 s, every route at the same moment.
      waitMs: ({ attempts }) => 1_000 * 2 ** attempts,
    },
    "test-result": {
      async send({ outgoing: { channel, test: id } }, signal) {
        const test = await tests.load(id);
        if (test !== null) await teams.sendToChannel(channel, { kind: "test-result", test }, signal);
        return done;
      },
      retry: atMost(maxResultAttempts),
    },
  };
}
