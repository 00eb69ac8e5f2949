import type { Person } from "../../domain/person.ts";
import type { AskedRoute } from "../../domain/ring-test/ring-test.ts";
import type { Directory } from "../../ports/directory.ts";
import type { IsOccupied } from "../../ports/occupied.ts";
import type { Handler } from "../kernel/handle.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { Poller } from "../kernel/poller.ts";
import type { WallDays } from "../kernel/time/wall-days.ts";
import { listNewRoutes } from "./people-routes.ts";
import { noAlarm } from "./ring-test-senders.ts";
import type { RingTests } from "./ring-tests.ts";

const lookEveryMs = 60_000;
/** Whoever started it is busy with it, and what waited for the start goes out first. */
const beginAfterMs = 10 * 60_000;
/** A duty begins for so long. */
const beginningMs = 3_600_000;
/** So many people are asked a minute: where nobody was asked yet, all would be rung at once. */
const maxPeopleAtOnce = 2;
const daytime = { fromHour: 8, toHour: 20 } as const;

export interface FirstDutiesOptions {
  readonly handler: Handler;
  readonly tests: RingTests;
  readonly directory: Directory;
  readonly days: WallDays;
  readonly isAlarmOpen: () => boolean;
  readonly isOccupied: IsOccupied;
}

/**
 * Asks who is new whether they hear that they are rung, once: when they are first on duty. By night only whose duty
 * begins then is asked, because whoever is always on duty sleeps; while an alarm is open nobody is,
 * nor who is asked whether all is well on their visit. Many who are new
 * together are asked two a minute.
 */
export class FirstDuties implements AsyncDisposable {
  readonly #kernel: Kernel;
  readonly #options: FirstDutiesOptions;
  readonly #poller: Poller;
  readonly #beginsAt: number;

  constructor(kernel: Kernel, options: FirstDutiesOptions) {
    this.#kernel = kernel;
    this.#options = options;
    this.#beginsAt = kernel.clock.now() + beginAfterMs;
    this.#poller = new Poller(kernel, () => this.#look(), lookEveryMs);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#poller[Symbol.asyncDispose]();
  }

  async #look(): Promise<null> {
    const { clock } = this.#kernel;
    if (clock.now() < this.#beginsAt || this.#options.isAlarmOpen()) return null;
    try {
      await this.#askNew();
    } catch {
      // What the storage does not take is a trouble of the storage, and told as that.
    }
    return null;
  }

  async #askNew(): Promise<void> {
    const { store, clock } = this.#kernel;
    const { handler, tests, directory, days } = this.#options;
    const now = clock.now();
    const people = this.#listBeginning(now);
    if (people.length === 0) return;
    const routes = takePeople(await store.read((reader) => listNewRoutes(reader, directory, people)));
    if (routes.length === 0) return;
    // A row that waits is joined by the next look's.
    const rows = routes.map((each) => tests.toRow(days.dayOf(now), each, now));
    await handler.write(async (tx) => ({ value: undefined, commits: [await handler.enqueue(tx, rows)] }));
  }

  /** Who may be asked now: by day who is on duty, by night whose duty has just begun. */
  #listBeginning(now: number): readonly Person[] {
    const { directory, days, isOccupied } = this.#options;
    const onDuty = (directory.onDuty(now, null) ?? []).filter((person) => !isOccupied(person, noAlarm));
    const hour = days.hourOf(now);
    if (hour >= daytime.fromHour && hour < daytime.toHour) return onDuty;
    const before = new Set(directory.onDuty(now - beginningMs, null)?.map(({ id }) => id));
    return onDuty.filter(({ id }) => !before.has(id));
  }
}

/** The routes to the first of them. */
function takePeople(routes: readonly AskedRoute[]): readonly AskedRoute[] {
  const first = [...new Set(routes.map(({ person }) => person.id))].slice(0, maxPeopleAtOnce);
  return routes.filter(({ person }) => first.includes(person.id));
}
