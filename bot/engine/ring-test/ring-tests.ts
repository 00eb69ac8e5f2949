import { randomBytes } from "node:crypto";
import type { CallBackOutcome, PageEvent } from "../../contracts.ts";
import { formatKey, type MessageKey } from "../../domain/message-key.ts";
import type { Person } from "../../domain/person.ts";
import { isNew } from "../../domain/ring-test/proven-route.ts";
import {
  type AskedRoute,
  type AskedState,
  formatRingTest,
  isUnderWay,
  noteAsked,
  parseRingTest,
  type RingTest,
  startRingTest,
} from "../../domain/ring-test/ring-test.ts";
import type { Audit } from "../../log-events/audit.ts";
import type { Directory } from "../../ports/directory.ts";
import type { NewOutboxRow } from "../../ports/store/outbox.ts";
import type { Reader, Transaction } from "../../ports/store/store.ts";
import type { RingTesting, RingTestStart } from "../../ports/tests/ring-testing.ts";
import type { Handler } from "../kernel/handle.ts";
import type { Kernel } from "../kernel/kernel.ts";
import type { WallDays } from "../kernel/time/wall-days.ts";
import { callPagerOf, listRoutes } from "./people-routes.ts";

/** Names one route to one person in one test. */
export type RingTestKey = Extract<MessageKey, { kind: "ring-test" }>;

export interface RingTestsOptions {
  readonly handler: Handler;
  readonly directory: Directory;
  readonly days: WallDays;
  readonly isAlarmOpen: () => boolean;
}

/**
 * Runs tests of whether people hear that they are rung. A test opens no incident and escalates nothing. Of an answer
 * the day is kept and nothing else, neither on disk nor in the log, so that nobody can read how fast somebody is. All
 * methods reject when the storage is down.
 */
export class RingTests implements RingTesting {
  readonly #kernel: Kernel;
  readonly #options: RingTestsOptions;
  constructor(kernel: Kernel, options: RingTestsOptions) {
    this.#kernel = kernel;
    this.#options = options;
  }

  /** By which people on duty are called; null: they are not. */
  get callPager(): string | null {
    return callPagerOf(this.#options.directory);
  }

  async start(by: Person, channel: string | null): Promise<RingTestStart> {
    const { clock, log } = this.#kernel;
    const { handler, directory, isAlarmOpen } = this.#options;
    const now = clock.now();
    const where = channel === null ? directory.stationOf(by) : { location: null, channel, source: null };
    const onDuty = directory.onDuty(now, where);
    if (onDuty === null) return { kind: "no-roster" };
    const id = randomBytes(8).toString("hex");
    const routes = listRoutes(directory, onDuty);
    const started = await handler.write<RingTestStart>(async (tx) => {
      const newest = await loadNewest(tx);
      if (newest !== null && isUnderWay(newest, now))
        return { value: { kind: "under-way", test: newest }, commits: [] };
      if (isAlarmOpen()) return { value: { kind: "alarm" }, commits: [] };
      if (routes.length === 0) return { value: { kind: "nobody-on-duty" }, commits: [] };
      const test = startRingTest(id, by.name, routes, now);
      await tx.saveSetting("ring-test", "newest", formatRingTest(test));
      const rows = routes.map((each) => this.toRow(id, each, now));
      return { value: { kind: "started", test }, commits: [await handler.enqueue(tx, rows)] };
    });
    if (started.kind === "started") {
      const audit: Audit = { by: { kind: "person", id: by.id }, on: ["people"], result: "done" };
      log.info({ test: id, routes: routes.length, audit }, "people-under-test");
    }
    return started;
  }

  async load(id: string): Promise<RingTest | null> {
    const newest = await this.#kernel.store.read(loadNewest);
    return newest?.id === id ? newest : null;
  }

  async hearInChat(person: Person, test: string): Promise<void> {
    await this.#hear({ kind: "ring-test", route: "chat", test, person: person.id });
  }

  /** Records what a provider reported of a call; only the pager that calls people proves their phones. */
  async recordEvent(key: RingTestKey, pager: string, event: PageEvent): Promise<CallBackOutcome> {
    if (key.route !== "phone" || pager !== this.callPager) return "unknown";
    if (event.kind === "answered") return (await this.#hear(key)) ? "taken" : "unknown";
    await this.note(key, "failed");
    return "taken";
  }

  /** Whether somebody is still to be asked: not twice by one test, and as new only once. */
  isWanted(key: RingTestKey): Promise<boolean> {
    return this.#kernel.store.read(async (reader) => {
      const newest = await loadNewest(reader);
      if (newest?.id === key.test) return newest.asked.some((each) => isOf(each, key) && each.state === "waiting");
      const known = await reader.loadProvenRoute(key);
      return known !== null && isNew(known);
    });
  }

  /** Records how far a route came in the newest test; an older one is forgotten. */
  async note(key: RingTestKey, state: AskedState): Promise<void> {
    await this.#options.handler.write(async (tx) => {
      await noteIn(tx, key, state);
      return { value: undefined, commits: [] };
    });
  }

  /** Records that somebody was asked, or that it failed for good, which is told elsewhere. */
  async noteTried(tx: Transaction, key: RingTestKey, isOut: boolean): Promise<void> {
    await noteIn(tx, key, isOut ? "asked" : "failed");
    const known = await tx.loadProvenRoute(key);
    if (known !== null) await tx.saveProvenRoute({ ...known, askedOn: this.#today() });
  }

  /** The row that asks somebody. */
  toRow(test: string, { person, route }: AskedRoute, dueAt: number): NewOutboxRow {
    const key = formatKey({ kind: "ring-test", route, test, person: person.id });
    const base = { key, lane: "ring-test", incident: "", dueAt } as const;
    if (route === "phone" && this.callPager !== null)
      return { ...base, outgoing: { kind: "ring-test-call", pager: this.callPager, person, test } };
    return { ...base, outgoing: { kind: "ring-test", person, test } };
  }

  #today(): string {
    return this.#options.days.dayOf(this.#kernel.clock.now());
  }

  /** Records that somebody heard it, on the day of now; false for somebody who is not in the configuration. */
  async #hear(key: RingTestKey): Promise<boolean> {
    const { handler, directory } = this.#options;
    const person = directory.personOf(key.person)?.id;
    if (person === undefined) return false;
    const today = this.#today();
    const { route } = key;
    await handler.write(async (tx) => {
      const unknown = { person, route, knownOn: today, askedOn: null };
      const known = (await tx.loadProvenRoute({ person, route })) ?? unknown;
      await tx.saveProvenRoute({ ...known, provenOn: today });
      await noteIn(tx, { ...key, person }, "heard");
      return { value: undefined, commits: [] };
    });
    return true;
  }
}

function isOf({ person, route }: AskedRoute, key: RingTestKey): boolean {
  return person.id === key.person && route === key.route;
}

async function loadNewest(reader: Reader): Promise<RingTest | null> {
  return parseRingTest(await reader.loadSetting("ring-test", "newest"));
}

async function noteIn(tx: Transaction, { test, person, route }: RingTestKey, state: AskedState): Promise<void> {
  const newest = await loadNewest(tx);
  if (newest?.id !== test) return;
  const noted = noteAsked(newest, person, route, state);
  if (noted !== newest) await tx.saveSetting("ring-test", "newest", formatRingTest(noted));
}
