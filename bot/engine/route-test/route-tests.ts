import { randomBytes } from "node:crypto";
import type { CallBackOutcome } from "../../contracts.ts";
import { formatKey } from "../../domain/message-key.ts";
import type { Person } from "../../domain/person.ts";
import {
  answerTest,
  confirmTest,
  endTest,
  failTest,
  parseTestKey,
  type RouteTest,
  routeOf,
  startTest,
  toTestKey,
} from "../../domain/route-test/route-test.ts";
import type { Audit } from "../../log-events/audit.ts";
import { type NewOutboxRow, toPagerLane } from "../../ports/store/outbox.ts";
import type { Transaction } from "../../ports/store/store.ts";
import type { RouteTesting, TestEvent } from "../../ports/tests/route-testing.ts";
import type { Commit, Handler } from "../kernel/handle.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { Poller } from "../kernel/poller.ts";

/** Names the test of one route. */
export interface PagerTestKey {
  readonly test: string;
  readonly pager: string;
}

/** Returns the test after a change of that route at `now`; the same test when nothing changes. */
export type Change = (test: RouteTest, pager: string, now: number) => RouteTest;

interface TestChange {
  readonly before: RouteTest;
  readonly after: RouteTest;
}

/**
 * Runs tests of the routes to external security. A test opens no incident, escalates nothing and notifies nobody else;
 * its end is a stored moment, so it survives a restart. All methods reject when the storage is down.
 */
export class RouteTests implements RouteTesting, AsyncDisposable {
  readonly #kernel: Kernel;
  readonly #handler: Handler;
  readonly #pagersOf: (channel: string | null) => readonly string[];
  readonly #poller: Poller;

  /** `pagersOf`: the names of those by which alarms of a channel call security; null: of all. */
  constructor(kernel: Kernel, handler: Handler, pagersOf: (channel: string | null) => readonly string[]) {
    this.#kernel = kernel;
    this.#handler = handler;
    this.#pagersOf = pagersOf;
    this.#poller = new Poller(kernel, () => this.#poll());
  }

  async start(by: Person | null, channel: string | null): Promise<RouteTest> {
    const { clock, log } = this.#kernel;
    const id = randomBytes(8).toString("hex");
    const test = await this.#handler.write(async (tx) => {
      const running = await tx.loadRunningTest();
      if (running !== null) return { value: running, commits: [] };
      const started = startTest(id, this.#pagersOf(channel), { by: by?.name ?? null, channel }, clock.now());
      await tx.saveRouteTest(started);
      const rows = Object.keys(started.routes).map((pager) => toTestRow(id, pager, clock.now()));
      return { value: started, commits: [await this.#handler.enqueue(tx, rows)] };
    });
    if (test.nextAt !== null) this.#poller.expect(test.nextAt);
    const routes = Object.keys(test.routes);
    const audit: Audit = {
      by: by === null ? { kind: "token", setting: "doctorToken" } : { kind: "person", id: by.id },
      on: routes.map((pager) => `pagers.${pager}`),
      result: "done",
    };
    log.info({ test: test.id, isNew: test.id === id, routes, audit }, "routes-under-test");
    return test;
  }

  load(id: string): Promise<RouteTest | null> {
    return this.#kernel.store.read((reader) => reader.loadRouteTest(id));
  }

  async confirm(id: string, pager: string): Promise<RouteTest | null> {
    const changed = await this.#changeNow({ test: id, pager }, confirmTest);
    return changed?.after ?? null;
  }

  /** Records what a human or the provider reported of the test with that key. */
  async recordEvent(key: string, { kind, reason = "undelivered" }: TestEvent): Promise<CallBackOutcome> {
    const { clock, log } = this.#kernel;
    const parsed = parseTestKey(key);
    if (parsed === null) return "unknown";
    const changed = await this.#changeNow(parsed, (test, pager, now) =>
      kind === "answered" ? answerTest(test, pager, now) : failTest(test, pager, reason, now),
    );
    if (changed === null) return "unknown";
    const { before, after } = changed;
    if (after !== before) log.info({ ...parsed, state: routeOf(after, parsed.pager)?.state }, "route-tested");
    return clock.now() < after.endsAt ? "taken" : "over";
  }

  /**
   * Saves the test that `change` returns, and that the route is proven when a human answered; null when there is no
   * such route.
   */
  async change(tx: Transaction, { test, pager }: PagerTestKey, change: Change): Promise<TestChange | null> {
    const before = await tx.loadRouteTest(test);
    if (before === null || routeOf(before, pager) === undefined) return null;
    const now = this.#kernel.clock.now();
    const after = change(before, pager, now);
    if (after === before) return { before, after };
    await tx.saveRouteTest(after);
    if (routeOf(after, pager)?.state === "answered") await tx.saveSetting("route-proven", pager, String(now));
    // The result may be due now; the next poll sees it at the latest.
    if (after.nextAt !== null) this.#poller.expect(after.nextAt);
    return { before, after };
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#poller[Symbol.asyncDispose]();
  }

  async #changeNow(key: PagerTestKey, change: Change): Promise<TestChange | null> {
    const changed = await this.#handler.write(async (tx) => ({
      value: await this.change(tx, key, change),
      commits: [],
    }));
    if (changed?.after.nextAt != null) this.#poller.expect(changed.after.nextAt);
    return changed;
  }

  async #poll(): Promise<number | null> {
    const { store, clock } = this.#kernel;
    const running = await store.read((reader) => reader.loadRunningTest());
    if (running?.nextAt == null || running.nextAt > clock.now()) return running?.nextAt ?? null;
    await this.#handler.write(async (tx) => ({ value: undefined, commits: await this.#endDueTest(tx) }));
    return null;
  }

  /** Ends the test that is due, and enqueues its result to the channel that asked for it. */
  async #endDueTest(tx: Transaction): Promise<Commit[]> {
    const now = this.#kernel.clock.now();
    const test = await tx.loadRunningTest();
    if (test?.nextAt == null || test.nextAt > now) return [];
    await tx.saveRouteTest(endTest(test));
    const { id, channel } = test;
    if (channel === null) return [];
    const outgoing = { kind: "test-result", channel, test: id } as const;
    const row = {
      key: formatKey({ kind: "test-result", test: id }),
      lane: "message",
      incident: "",
      outgoing,
      dueAt: now,
    } as const;
    return [await this.#handler.enqueue(tx, [row])];
  }
}

function toTestRow(test: string, pager: string, dueAt: number): NewOutboxRow {
  const key = toTestKey(test, pager);
  return { key, lane: toPagerLane(pager), incident: "", outgoing: { kind: "test", pager, page: key }, dueAt };
}
