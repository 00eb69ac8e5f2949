import { DeliveryError } from "../../errors.ts";
import type { Log } from "../../log.ts";
import type { Lane as LaneName, OutboxRow } from "../../ports/outbox.ts";
import type { Sent } from "../../ports/sender.ts";
import type { Store } from "../../ports/store.ts";
import type { Clock } from "../../ports/time.ts";
import { leaseMs, sendGraceMs } from "../../ports/timing.ts";
import type { Committed, Handler, Request } from "./handle.ts";
import { createLane, type Lane } from "./lane.ts";
import { startWatch } from "./watch.ts";

const longestBackoffMs = 30_000;
/** However long the other side asks us to wait: somebody may be in danger. */
const longestWaitMs = 60_000;

/**
 * How one row is delivered. `before` is what the incident must hear first; anything but its leave means: not to be sent
 * any more. `after` is what it must hear of the result.
 */
export interface Delivery {
  before(row: OutboxRow): Promise<"send" | "drop">;
  /** Sends once; rejects with DeliveryError. */
  send(row: OutboxRow, signal: AbortSignal): Promise<Sent>;
  after(row: OutboxRow, failure: DeliveryError | null): Request | null;
  /** Whether a failed row is tried again. */
  isRetried(row: OutboxRow, failure: DeliveryError): boolean;
}

export interface OutboxOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly handler: Handler;
  readonly delivery: Delivery;
  readonly log: Log;
  /** How many rows of a lane are under way at once. */
  readonly boundOf: (lane: LaneName) => number;
  /** How long one sending may take. */
  readonly timeoutOf: (row: OutboxRow) => number;
}

export interface Outbox extends AsyncDisposable {
  /** Makes everything that waits in this lane due now: what it waited for has happened. */
  hasten(lane: LaneName): Promise<void>;
  pending(): number;
}

/**
 * The only way out. At least once: a row leaves the disk after it was sent, every try carries the same key, and what a
 * dead process left behind is found by looking every second. Lanes do not wait for each other.
 */
export function startOutbox(options: OutboxOptions): Outbox {
  const { store, clock, handler, delivery, log, boundOf, timeoutOf } = options;
  const lanes = new Map<LaneName, Lane>();
  const watch = startWatch(clock, log, look);
  let stopped = false;
  const underWay = new Set<Promise<void>>();

  function laneOf(name: LaneName): Lane {
    const known = lanes.get(name);
    if (known !== undefined) return known;
    const lane = createLane(clock, boundOf(name), track);
    lanes.set(name, lane);
    return lane;
  }

  function track(row: OutboxRow): Promise<void> {
    // What is not under way when the process stops stays on disk for the next start.
    if (stopped) return Promise.resolve();
    const promise = deliver(row).finally(() => underWay.delete(promise));
    underWay.add(promise);
    return promise;
  }

  async function deliver(row: OutboxRow): Promise<void> {
    try {
      if ((await delivery.before(row)) === "drop") {
        const isGone = await store.write((tx) => tx.settle(row, clock.now()));
        if (!isGone) watch.expect(clock.now());
        return;
      }
      await finish(row, await trySend(row));
    } catch (error) {
      // The storage is down: the row stays on disk and is found again when its lease ends.
      log.error({ row: row.key, err: error }, "outbox-not-recorded");
    }
  }

  async function trySend(row: OutboxRow): Promise<Sent | DeliveryError> {
    const withinMs = timeoutOf(row);
    using timeout = clock.timeout(withinMs);
    // A second net: whatever hangs in there takes no slot, and the failure is known while others can still be paged.
    using net = new DisposableStack();
    const late = new Promise<never>((_resolve, reject) => {
      const fail = () => reject(new DeliveryError("unreachable", "the sending did not end when its time was up"));
      net.defer(clock.wakeAt(clock.now() + withinMs + sendGraceMs, fail));
    });
    try {
      return await Promise.race([delivery.send(row, timeout.signal), late]);
    } catch (error) {
      if (error instanceof DeliveryError) return error;
      return new DeliveryError("unreachable", "the sending failed unexpectedly", { cause: error });
    }
  }

  /** The result and what the incident hears of it are one transaction: neither is known without the other. */
  async function finish(row: OutboxRow, result: Sent | DeliveryError): Promise<void> {
    const now = clock.now();
    const failure = result instanceof DeliveryError ? result : null;
    // There is more to do: nothing has come of it yet.
    const isDone = result instanceof DeliveryError || result.kind === "done";
    const news = isDone ? delivery.after(row, failure) : null;
    const again = toAgainAt(row, result, now);
    const record = result instanceof DeliveryError ? undefined : result.record;
    const isGone = await handler.write(async (tx) => {
      await record?.(tx);
      const heard = news === null ? null : await handler.within(tx, row.incident, news);
      const committed: Committed[] = heard === null ? [] : [heard.committed];
      if (again === null) return { value: await tx.settle(row, now), committed };
      await tx.postpone(row, again, failure?.reason ?? null);
      return { value: false, committed };
    });
    if (failure !== null) {
      const facts = { kind: row.outgoing.kind, incident: row.incident, lane: row.lane, attempts: row.attempts + 1 };
      log.warn({ ...facts, reason: failure.reason, retried: again !== null, why: failure.message }, "delivery-failed");
    }
    // A row that was wanted again while it was under way is due at once.
    if (!isGone) watch.expect(again ?? now);
  }

  function toAgainAt(row: OutboxRow, result: Sent | DeliveryError, now: number): number | null {
    if (!(result instanceof DeliveryError)) return result.kind === "again" ? result.at : null;
    if (!delivery.isRetried(row, result)) return null;
    return now + Math.min(longestWaitMs, result.retryAfterMs ?? toBackoffMs(row));
  }

  /** Finds what is due and nobody holds: postponed rows, and those of a process that died. */
  async function look(): Promise<number | null> {
    const dueAt = await store.read((reader) => reader.nextOutboxAt());
    if (dueAt === null || dueAt > clock.now()) return dueAt;
    await leaseAll();
    return null;
  }

  async function leaseAll(): Promise<void> {
    const now = clock.now();
    const leased = await store.write(async (tx) => {
      const found: OutboxRow[] = [];
      for (const name of await tx.lanes()) {
        const room = laneOf(name).room();
        if (room > 0) found.push(...(await tx.lease(name, now, now + leaseMs, room)));
      }
      return found;
    });
    offer(leased);
  }

  function offer(rows: readonly OutboxRow[]): void {
    for (const row of rows) laneOf(row.lane).offer([row]);
  }

  handler.subscribe(({ rows }) => offer(rows));
  return {
    async hasten(lane) {
      await handler.write(async (tx) => {
        await tx.hasten(lane, clock.now());
        return { value: null, committed: [] };
      });
      watch.expect(clock.now());
    },
    pending: () => [...lanes.values()].reduce((sum, lane) => sum + lane.pending(), watch.pending()),
    async [Symbol.asyncDispose]() {
      stopped = true;
      await watch[Symbol.asyncDispose]();
      await Promise.all(underWay);
    },
  };
}

/** 1, 2, 4 … 30 s, and up to a quarter of a second by the row, so that many do not come back at the same moment. */
function toBackoffMs(row: OutboxRow): number {
  return Math.min(longestBackoffMs, 1_000 * 2 ** Math.min(row.attempts, 10)) + ((row.id * 7_919) % 250);
}
