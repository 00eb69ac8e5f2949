import type { Page, ReadyPager } from "../../contracts.ts";
import { acceptTest, failTry, isTestWanted, parseTestKey, type RouteTest } from "../../domain/route-test/route-test.ts";
import type { Directory } from "../../ports/directory.ts";
import { done } from "../../ports/send-outcome.ts";
import type { TeamsSender } from "../../ports/teams-sender.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { atMost, type Senders, soonGivenUp } from "../kernel/outbox/sender.ts";
import { pagerOf } from "../kernel/pager-of.ts";
import type { RouteTests } from "./route-tests.ts";

/** A test is given up after this many attempts, because it is to show that a route fails, and nobody waits for help. */
const maxTestAttempts = 3;
const maxResultAttempts = 8;

export interface TestSendersOptions {
  readonly tests: RouteTests;
  readonly teams: TeamsSender;
  readonly pagers: Readonly<Record<string, ReadyPager>>;
  readonly toAcceptUrl: (key: string) => string;
  readonly testWords: Page["words"];
  readonly directory: Pick<Directory, "accountsIn">;
}

const retryTest = soonGivenUp(maxTestAttempts);

/** Makes the senders of the test of a route, and of the result of the test of all routes. */
export function createTestSenders(
  { clock }: Kernel,
  { tests, teams, pagers, toAcceptUrl, testWords: words, directory }: TestSendersOptions,
): Pick<Senders, "test" | "test-result"> {
  async function loadTest(key: string): Promise<RouteTest | null> {
    const parsed = parseTestKey(key);
    return parsed && tests.load(parsed.test);
  }

  function composeTestPage(key: string, { id, startedAt, channel }: RouteTest): Page {
    const nowhere = { directions: null, position: null, verification: "none", responding: 0 } as const;
    const incident = { id, number: 0, place: "TEST", raisedAt: startedAt, ...nowhere };
    const accounts = directory.accountsIn(channel);
    return { key, pageKey: key, earlier: [], reason: "test", incident, accounts, acceptUrl: toAcceptUrl(key), words };
  }

  return {
    test: {
      /** Drops the test page after an answer, the test's end or a failure for good. */
      async before({ outgoing: { page, pager } }) {
        const test = await loadTest(page);
        return test !== null && isTestWanted(test, pager, clock.now()) ? "send" : "drop";
      },
      async send({ outgoing: { page, pager } }, signal) {
        const test = await loadTest(page);
        if (test !== null) await pagerOf(pagers, pager).page(composeTestPage(page, test), signal);
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
        // Nothing counts after the test's end, so the try before it is the last one.
        const test = await loadTest(outgoing.page);
        return test !== null && failed.nextAt < test.endsAt && retryTest(failed);
      },
      failedEvent: "route-test-failed",
      // Waits only 1 and 2 s, and the same for every route, because somebody watches the test.
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
