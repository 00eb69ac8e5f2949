import type { Page, ReadyPager } from "../../contracts.ts";
import type { Person } from "../../domain/person.ts";
import type { Directory } from "../../ports/directory.ts";
import type { IsOccupied } from "../../ports/occupied.ts";
import type { Transaction } from "../../ports/store/store.ts";
import type { TeamsSender } from "../../ports/teams-sender.ts";
import type { Handler } from "../kernel/handle.ts";
import type { Kernel } from "../kernel/kernel.ts";
import type { Senders } from "../kernel/outbox/sender.ts";
import { openWallDays } from "../kernel/time/wall-days.ts";
import { FirstDuties } from "./first-duties.ts";
import { keepRoutes } from "./people-routes.ts";
import { createRingTestSenders } from "./ring-test-senders.ts";
import { RingTests } from "./ring-tests.ts";

export interface RingTestingOptions {
  readonly directory: Directory;
  readonly teams: Pick<TeamsSender, "sendToPerson">;
  readonly pagers: Readonly<Record<string, ReadyPager>>;
  readonly timezone: string;
  /** The finished sentences of a call. */
  readonly ringTestWords: Page["words"];
}

/** What tests whether people hear that they are rung. */
interface RingTestingParts extends AsyncDisposable {
  readonly tests: RingTests;
  readonly senders: Pick<Senders, "ring-test" | "ring-test-call">;
}

/** Starts it; `isAlarmOpen`: whether everybody has to be left alone; `isOccupied`: whether somebody has. */
export function startRingTesting(
  kernel: Kernel,
  { directory, teams, pagers, timezone, ringTestWords: words }: RingTestingOptions,
  { handler, isAlarmOpen, isOccupied }: { handler: Handler; isAlarmOpen: () => boolean; isOccupied: IsOccupied },
): RingTestingParts {
  const days = openWallDays(timezone);
  const tests = new RingTests(kernel, { handler, directory, days, isAlarmOpen });
  const firstDuties = new FirstDuties(kernel, { handler, tests, directory, days, isAlarmOpen, isOccupied });
  const phoneOf = (person: Person) => directory.phoneOf(person);
  return {
    tests,
    senders: createRingTestSenders(kernel, { tests, teams, pagers, isAlarmOpen, isOccupied, phoneOf, words }),
    [Symbol.asyncDispose]: () => firstDuties[Symbol.asyncDispose](),
  };
}

/** Brings what is stored of people's routes in line with the configuration, on the day of `now`. */
export function keepRoutesOf(
  tx: Transaction,
  { directory, timezone }: Pick<RingTestingOptions, "directory" | "timezone">,
  now: number,
): Promise<number> {
  return keepRoutes(tx, directory, openWallDays(timezone).dayOf(now));
}
