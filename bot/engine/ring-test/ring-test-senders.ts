import type { Page, ReadyPager } from "../../contracts.ts";
import type { Person, RingRoute } from "../../domain/person.ts";
import { DeliveryError } from "../../errors.ts";
import type { IsOccupied } from "../../ports/occupied.ts";
import { done } from "../../ports/send-outcome.ts";
import type { Transaction } from "../../ports/store/store.ts";
import type { TeamsSender } from "../../ports/teams-sender.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { type Senders, type SendResult, soonGivenUp } from "../kernel/outbox/sender.ts";
import { pagerOf } from "../kernel/pager-of.ts";
import type { RingTestKey, RingTests } from "./ring-tests.ts";

/** Given up after this many attempts, because it is to show that a route fails, and nobody waits for help. */
const maxAttempts = 3;
/** A test is of no alarm, so that each one occupies people. */
export const noAlarm = "";

export interface RingTestSendersOptions {
  readonly tests: RingTests;
  readonly teams: Pick<TeamsSender, "sendToPerson">;
  readonly pagers: Readonly<Record<string, ReadyPager>>;
  readonly isAlarmOpen: () => boolean;
  readonly isOccupied: IsOccupied;
  readonly phoneOf: (person: Person) => string | null;
  readonly words: Page["words"];
}

interface Asking {
  readonly person: Person;
  readonly test: string;
}

/** Makes the senders that ask people whether they hear that they are rung, in their chat and by phone. */
export function createRingTestSenders(
  { clock }: Kernel,
  { tests, teams, pagers, isAlarmOpen, isOccupied, phoneOf, words }: RingTestSendersOptions,
): Pick<Senders, "ring-test" | "ring-test-call"> {
  /**
   * A real alarm goes first: whoever is asked meanwhile would take it for that. Nor is anybody rung who may be in
   * danger on a visit.
   */
  async function judge(route: RingRoute, asking: Asking): Promise<"send" | "drop"> {
    const key = toKey(route, asking);
    if (!isAlarmOpen() && !isOccupied(asking.person, noAlarm)) return (await tests.isWanted(key)) ? "send" : "drop";
    await tests.note(key, "left-out");
    return "drop";
  }
  const noteTried = (route: RingRoute) => {
    return async (tx: Transaction, row: { outgoing: Asking }, result: SendResult) => {
      if (!result.isRetried) await tests.noteTried(tx, toKey(route, row.outgoing), result.failure === null);
      return [];
    };
  };
  return {
    "ring-test": {
      before: ({ outgoing }) => judge("chat", outgoing),
      send: ({ outgoing: { person, test } }, signal) => teams.sendToPerson(person, { kind: "ring-test", test }, signal),
      after: noteTried("chat"),
      retry: soonGivenUp(maxAttempts),
    },
    "ring-test-call": {
      before: ({ outgoing }) => judge("phone", outgoing),
      async send({ key, outgoing: { pager: name, person } }, signal) {
        const { call } = pagerOf(pagers, name);
        const phone = phoneOf(person);
        if (call === undefined || phone === null)
          throw new DeliveryError("misconfigured", "this colleague can't be called any more");
        await call(composeTestCall(key, clock.now(), words), phone, signal);
        return done;
      },
      after: noteTried("phone"),
      retry: soonGivenUp(maxAttempts),
    },
  };
}

function toKey(route: RingRoute, { person, test }: Asking): RingTestKey {
  return { kind: "ring-test", route, test, person: person.id };
}

function composeTestCall(key: string, now: number, words: Page["words"]): Page {
  const nowhere = { directions: null, position: null, verification: "none", responding: 0 } as const;
  const incident = { id: key, number: 0, place: "TEST", raisedAt: now, ...nowhere };
  return { key, pageKey: key, earlier: [], reason: "test", incident, acceptUrl: null, words };
}
