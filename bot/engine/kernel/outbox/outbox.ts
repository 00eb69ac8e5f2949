import { DeliveryError } from "../../../errors.ts";
import { late, withTimeout } from "../../../kit/with-timeout.ts";
import type { SendOutcome } from "../../../ports/send-outcome.ts";
import type { LaneName, OutboxRow, Outgoing } from "../../../ports/store/outbox.ts";
import { leaseMs, sendGraceMs } from "../../../ports/timing.ts";
import type { Commit, Handler } from "../handle.ts";
import type { Kernel } from "../kernel.ts";
import { Poller } from "../poller.ts";
import { Lane } from "./lane.ts";
import type { Sender, SendResult } from "./sender.ts";

const maxBackoffMs = 30_000;
/** However long the other side asks us to wait: somebody may be in danger. */
const maxWaitMs = 60_000;

export interface OutboxOptions {
  readonly handler: Handler;
  readonly senders: Readonly<Record<Outgoing["kind"], Sender>>;
  /** How many rows of a lane are under way at once. */
  readonly boundOf: (lane: LaneName) => number;
  /** How long one sending may take. */
  readonly timeoutOf: (row: OutboxRow) => number;
}

/**
 * The only way out. At least once: a row leaves the disk after it was sent, every try carries the same key, and what a
 * dead process left behind is found by looking every second. Lanes do not wait for each other.
 */
export class Outbox implements AsyncDisposable {
  readonly #kernel: Kernel;
  readonly #options: OutboxOptions;
  readonly #lanes = new Map<LaneName, Lane>();
  readonly #underWay = new Set<Promise<void>>();
  readonly #poller: Poller;
  #isStopped = false;

  constructor(kernel: Kernel, options: OutboxOptions) {
    this.#kernel = kernel;
    this.#options = options;
    this.#poller = new Poller(kernel, () => this.#poll());
    options.handler.subscribe(({ rows }) => this.#offer(rows));
  }

  /** Makes everything that waits in this lane due now: what it waited for has happened. */
  async bringForward(lane: LaneName): Promise<void> {
    const { clock } = this.#kernel;
    await this.#options.handler.write(async (tx) => {
      await tx.bringForward(lane, clock.now());
      return { value: null, commits: [] };
    });
    this.#poller.expect(clock.now());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isStopped = true;
    await this.#poller[Symbol.asyncDispose]();
    await Promise.all(this.#underWay);
  }

  /** Finds what is due and nobody holds: postponed rows, and those of a process that died. */
  async #poll(): Promise<number | null> {
    const { store, clock } = this.#kernel;
    const dueAt = await store.read((reader) => reader.nextOutboxAt());
    if (dueAt === null || dueAt > clock.now()) return dueAt;
    await this.#leaseAll();
    return null;
  }

  async #leaseAll(): Promise<void> {
    const { store, clock } = this.#kernel;
    const now = clock.now();
    const leased = await store.write(async (tx) => {
      const found: OutboxRow[] = [];
      for (const name of await tx.lanes()) {
        const { room } = this.#laneOf(name);
        if (room > 0) found.push(...(await tx.lease(name, now, now + leaseMs, room)));
      }
      return found;
    });
    this.#offer(leased);
  }

  #offer(rows: readonly OutboxRow[]): void {
    for (const row of rows) this.#laneOf(row.lane).offer(row);
  }

  #laneOf(name: LaneName): Lane {
    const known = this.#lanes.get(name);
    if (known !== undefined) return known;
    const { clock, inFlight } = this.#kernel;
    const lane = new Lane(clock, inFlight, this.#options.boundOf(name), (row) => this.#track(row));
    this.#lanes.set(name, lane);
    return lane;
  }

  #track(row: OutboxRow): Promise<void> {
    // What is not under way when the process stops stays on disk for the next start.
    if (this.#isStopped) return Promise.resolve();
    const promise = this.#deliver(row).finally(() => this.#underWay.delete(promise));
    this.#underWay.add(promise);
    return promise;
  }

  async #deliver(row: OutboxRow): Promise<void> {
    const { store, clock, log } = this.#kernel;
    const sender = this.#options.senders[row.outgoing.kind];
    try {
      if ((await sender.before?.(row)) === "drop") {
        const isGone = await store.write((tx) => tx.settle(row, clock.now()));
        if (!isGone) this.#poller.expect(clock.now());
        return;
      }
      await this.#finish(sender, row, await this.#trySend(sender, row));
    } catch (error) {
      // The storage is down: the row stays on disk and is found again when its lease ends.
      log.error({ row: row.key, err: error }, "outbox-not-recorded");
    }
  }

  async #trySend(sender: Sender, row: OutboxRow): Promise<SendOutcome | DeliveryError> {
    const { clock } = this.#kernel;
    const withinMs = this.#options.timeoutOf(row);
    using timeout = clock.timeout(withinMs);
    try {
      // A second net: whatever hangs in there takes no slot, and the failure is known while others can still be paged.
      const sent = await withTimeout(clock, withinMs + sendGraceMs, sender.send(row, timeout.signal));
      if (sent !== late) return sent;
      return new DeliveryError("unreachable", "the sending did not end when its time was up");
    } catch (error) {
      if (error instanceof DeliveryError) return error;
      return new DeliveryError("unreachable", "the sending failed unexpectedly", { cause: error });
    }
  }

  /** The result and what is known of it are one transaction. */
  async #finish(sender: Sender, row: OutboxRow, sent: SendOutcome | DeliveryError): Promise<void> {
    const now = this.#kernel.clock.now();
    const failure = sent instanceof DeliveryError ? sent : null;
    const retryAt = failure === null ? null : await toRetryAt(sender, row, failure, now);
    const again = sent instanceof DeliveryError ? retryAt : toAgainAt(sent);
    const result: SendResult = { failure, isRetried: retryAt !== null };
    // There is more to do: nothing has come of it yet.
    const isOver = sent instanceof DeliveryError || sent.kind === "done";
    const record = sent instanceof DeliveryError ? undefined : sent.record;
    const isGone = await this.#options.handler.write(async (tx) => {
      await record?.(tx);
      const commits: readonly Commit[] = isOver ? ((await sender.after?.(tx, row, result)) ?? []) : [];
      if (again === null) return { value: await tx.settle(row, now), commits };
      await tx.postpone(row, again, failure?.reason ?? null);
      return { value: false, commits };
    });
    if (failure !== null) this.#logFailure(sender, row, failure, result.isRetried);
    // A row that was wanted again while it was under way is due at once.
    if (!isGone) this.#poller.expect(again ?? now);
  }

  #logFailure(sender: Sender, row: OutboxRow, { reason, message }: DeliveryError, retried: boolean): void {
    const facts = { kind: row.outgoing.kind, incident: row.incident, lane: row.lane, attempts: row.attempts + 1 };
    this.#kernel.log.warn({ ...facts, reason, retried, why: message }, sender.failedEvent ?? "delivery-failed");
  }
}

function toAgainAt(sent: SendOutcome): number | null {
  return sent.kind === "again" ? sent.at : null;
}

/** When a message that failed is tried again; null: it is given up. */
async function toRetryAt(sender: Sender, row: OutboxRow, failure: DeliveryError, now: number): Promise<number | null> {
  const { waitMs = toBackoffMs } = sender;
  const nextAt = now + Math.min(maxWaitMs, failure.retryAfterMs ?? waitMs(row));
  return (await sender.retry({ attempts: row.attempts + 1, failure, nextAt }, row)) ? nextAt : null;
}

/** 1, 2, 4 … 30 s, and up to a quarter of a second by the row, so that many do not come back at the same moment. */
function toBackoffMs(row: OutboxRow): number {
  return Math.min(maxBackoffMs, 1_000 * 2 ** Math.min(row.attempts, 10)) + ((row.id * 7_919) % 250);
}
