import { randomBytes } from "node:crypto";
import type { Heard, Page, PageNews, ReadyPager } from "../../contracts.ts";
import { formatKey } from "../../domain/message-key.ts";
import {
  acceptTest,
  answerTest,
  confirmTest,
  endTest,
  failTest,
  failTry,
  isTestWanted,
  parseTestKey,
  type RouteTest,
  startTest,
  toTestKey,
} from "../../domain/route-test/route-test.ts";
import { DeliveryError } from "../../errors.ts";
import type { Log } from "../../log.ts";
import type { NewOutboxRow } from "../../ports/outbox.ts";
import type { Sent } from "../../ports/sender.ts";
import type { Store, Transaction } from "../../ports/store.ts";
import type { Clock } from "../../ports/time.ts";
import { leaseMs } from "../../ports/timing.ts";
import type { Committed, Handler } from "../kernel/handle.ts";
import { startWatch } from "../kernel/watch.ts";

export interface RouteTestsOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly handler: Handler;
  readonly pagers: Readonly<Record<string, ReadyPager>>;
  readonly toAcceptUrl: (key: string) => string;
  readonly words: Page["words"];
  readonly log: Log;
}

/** Tests of the routes to external security. A test opens no incident, escalates nothing and rings nobody else. All reject when the storage is down. */
export interface RouteTests extends AsyncDisposable {
  /** A test of every route, or the one that is running. `by`: a name, null for the doctor; `channel`: where the result is said. */
  start(by: string | null, channel: string | null): Promise<RouteTest>;
  load(id: string): Promise<RouteTest | null>;
  /** A colleague asked there, and a human has it. The test as it is now; null when there is none. */
  confirm(id: string, pager: string): Promise<RouteTest | null>;
  /** What a human or the provider told of the test with that key. */
  hear(key: string, news: Pick<PageNews, "kind"> & { readonly reason?: "no-answer" | "undelivered" }): Promise<Heard>;
  /** Whether that page is still to be sent. */
  isWanted(key: string): Promise<boolean>;
  /** Sends it once; what became of it, failures too, is in the answer's record. */
  send(key: string, signal: AbortSignal): Promise<Sent>;
  pending(): number;
}

interface RouteKey {
  readonly test: string;
  readonly pager: string;
}

type Change = (test: RouteTest, pager: string, now: number) => RouteTest;

interface Changed {
  readonly before: RouteTest;
  readonly after: RouteTest;
}

/** See `RouteTests`. The end of a test is a stored moment, so it survives a restart. */
export function startRouteTests(options: RouteTestsOptions): RouteTests {
  const { store, clock, handler, pagers, toAcceptUrl, words, log } = options;
  const watch = startWatch(clock, log, async () => {
    const running = await store.read((reader) => reader.loadRunningTest());
    if (running?.nextAt == null || running.nextAt > clock.now()) return running?.nextAt ?? null;
    await end();
    return null;
  });

  function end(): Promise<void> {
    return handler.write(async (tx) => {
      const test = await tx.loadRunningTest();
      if (test?.nextAt == null || test.nextAt > clock.now()) return { value: undefined, committed: [] };
      await tx.saveRouteTest(endTest(test));
      const { id, channel } = test;
      if (channel === null) return { value: undefined, committed: [] };
      const outgoing = { kind: "test-result", channel, test: id } as const;
      const key = formatKey({ kind: "test-result", test: id });
      const row = { key, lane: "message", incident: "", outgoing, dueAt: clock.now() } as const;
      return { value: undefined, committed: [await enqueue(tx, [row])] };
    });
  }

  async function enqueue(tx: Transaction, rows: readonly NewOutboxRow[]): Promise<Committed> {
    return { rows: await tx.enqueue(rows, clock.now() + leaseMs), nextAt: null };
  }

  /** Writes what `change` makes of a test, and the proof when a human answered by it; null when there is no such route. */
  async function update(tx: Transaction, key: RouteKey, change: Change): Promise<Changed | null> {
    const before = await tx.loadRouteTest(key.test);
    if (before?.routes[key.pager] === undefined) return null;
    const now = clock.now();
    const after = change(before, key.pager, now);
    if (after === before) return { before, after };
    await tx.saveRouteTest(after);
    const isProven = after.routes[key.pager]?.state === "answered";
    if (isProven) await tx.saveSetting("route-proven", key.pager, String(now));
    return { before, after };
  }

  /** The same in a transaction of its own. */
  async function updateNow(key: RouteKey, change: Change): Promise<Changed | null> {
    const done = await handler.write(async (tx) => ({ value: await update(tx, key, change), committed: [] }));
    if (done?.after.nextAt != null) watch.expect(done.after.nextAt);
    return done;
  }

  async function hear(key: string, news: Parameters<RouteTests["hear"]>[1]): Promise<Heard> {
    const parsed = parseTestKey(key);
    if (parsed === null) return "unknown";
    const { reason = "undelivered" } = news;
    const done = await updateNow(parsed, (test, pager, now) =>
      news.kind === "answered" ? answerTest(test, pager, now) : failTest(test, pager, reason, now),
    );
    if (done === null) return "unknown";
    const { before, after } = done;
    if (after !== before) log.info({ ...parsed, state: after.routes[parsed.pager]?.state }, "route-tested");
    return clock.now() < after.endsAt ? "taken" : "over";
  }

  async function tryPage(
    key: string,
    pager: string,
    test: RouteTest,
    signal: AbortSignal,
  ): Promise<DeliveryError | null> {
    const ready = pagers[pager];
    if (ready === undefined) return new DeliveryError("misconfigured", "this pager is no longer in the configuration");
    try {
      await ready.page(toPage(key, test), signal);
      return null;
    } catch (error) {
      if (error instanceof DeliveryError) return error;
      return new DeliveryError("unreachable", "the sending failed unexpectedly", { cause: error });
    }
  }

  function toPage(key: string, { id, startedAt }: RouteTest): Page {
    const nowhere = { directions: null, position: null, verification: "none", onTheWay: 0 } as const;
    const incident = { id, number: 0, place: "TEST", raisedAt: startedAt, ...nowhere };
    return { key, page: key, earlier: [], reason: "test", incident, acceptUrl: toAcceptUrl(key), words };
  }

  async function load(key: string): Promise<RouteTest | null> {
    const parsed = parseTestKey(key);
    return parsed && store.read((reader) => reader.loadRouteTest(parsed.test));
  }

  return {
    async start(by, channel) {
      const id = randomBytes(8).toString("hex");
      const test = await handler.write(async (tx) => {
        const running = await tx.loadRunningTest();
        if (running !== null) return { value: running, committed: [] };
        const started = startTest(id, Object.keys(pagers), { by, channel }, clock.now());
        await tx.saveRouteTest(started);
        const rows = Object.keys(started.routes).map((pager): NewOutboxRow => {
          const key = toTestKey(id, pager);
          const outgoing = { kind: "test", pager, page: key } as const;
          return { key, lane: `pager:${pager}`, incident: "", outgoing, dueAt: clock.now() };
        });
        return { value: started, committed: [await enqueue(tx, rows)] };
      });
      if (test.nextAt !== null) watch.expect(test.nextAt);
      log.info({ test: test.id, isNew: test.id === id, routes: Object.keys(test.routes) }, "routes-under-test");
      return test;
    },
    load: (id) => store.read((reader) => reader.loadRouteTest(id)),
    async confirm(id, pager) {
      const done = await updateNow({ test: id, pager }, confirmTest);
      return done?.after ?? null;
    },
    hear,
    async isWanted(key) {
      const test = await load(key);
      return test !== null && isTestWanted(test, parseTestKey(key)?.pager ?? "", clock.now());
    },
    async send(key, signal) {
      const parsed = parseTestKey(key);
      const test = await load(key);
      if (parsed === null || test === null) return { kind: "done" };
      const failure = await tryPage(key, parsed.pager, test, signal);
      const now = clock.now();
      if (failure === null) {
        return { kind: "done", record: (tx) => update(tx, parsed, acceptTest).then(() => undefined) };
      }
      const { reason, message: why } = failure;
      const { againAt } = failTry(test, parsed.pager, failure, now);
      log.warn({ ...parsed, reason, retried: againAt !== null, why }, "route-test-failed");
      const record = async (tx: Transaction) => {
        const done = await update(tx, parsed, (known, pager) => failTry(known, pager, failure, now).test);
        // The result may be due by that: seen at the latest with the next look.
        if (done?.after.nextAt != null) watch.expect(done.after.nextAt);
      };
      return againAt === null ? { kind: "done", record } : { kind: "again", at: againAt, record };
    },
    pending: watch.pending,
    [Symbol.asyncDispose]: () => watch[Symbol.asyncDispose](),
  };
}
