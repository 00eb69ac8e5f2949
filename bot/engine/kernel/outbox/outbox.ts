import { DeliveryError } from "../../../errors.ts";
import { late, SharedWait, withTimeout } from "../../../kit/with-timeout.ts";
import type { SendOutcome } from "../../../ports/send-outcome.ts";
import {
  type CallingKind,
  isCalling,
  isPagerLane,
  type LaneName,
  type OutboxRow,
  type Outgoing,
} from "../../../ports/store/outbox.ts";
import { leaseMs, sendGraceMs } from "../../../ports/timing.ts";
import { type Commit, type Handler, writeWithinMs } from "../handle.ts";
import type { Kernel } from "../kernel.ts";
import { Poller } from "../poller.ts";
import type { Sendings } from "../tally.ts";
import { Lane } from "./lane.ts";
import { Presses } from "./presses.ts";
import type { RowOf, Sender } from "./sender.ts";
import { Turns } from "./turns.ts";
import { decideRetryAt, toAgainAt, toComeBack } from "./wait.ts";

/**
 * How many messages of a lane begin for each group of presses: a card takes twice as long as a press. With more the
 * presses of a flood wait, and its last card stands no earlier.
 */
const fewAtOnce = 1;
/** How many pages are passed on at each look, and how long the others wait for those that have to be read. */
const maxUnleased = 1_000;
const passWithinMs = 1_000;

export interface OutboxOptions {
  readonly handler: Handler;
  readonly senders: Readonly<Record<Outgoing["kind"], Sender>>;
  /** Is told what came of each. */
  readonly sendings: Pick<Sendings, "add">;
  /** How many rows of a lane are under way at once. */
  readonly maxAtOnceOf: (lane: LaneName) => number;
  /** How long one sending may take. */
  readonly timeoutOf: (row: OutboxRow) => number;
  /**
   * Called at each look with what calls somebody, is due and can't be leased, because the storage takes no writes,
   * can't be read or hangs.
   */
  readonly onUnleased: (row: RowOf<CallingKind>) => void;
  /** Called with what calls somebody and was tried while that can't be recorded. `outcome` null: it failed. */
  readonly onUnsettled: (row: RowOf<CallingKind>, outcome: SendOutcome | null) => void;
}

/** What was sent, and what came of it. */
interface SentRow {
  readonly row: OutboxRow;
  readonly outcome: SendOutcome;
}

/**
 * Sends everything that goes out, at least once: a row leaves the disk after it was sent, every try carries the same
 * key, and polling every second finds what a dead process left behind. Lanes do not wait for each other.
 */
export class Outbox implements AsyncDisposable {
  readonly #kernel: Kernel;
  readonly #options: OutboxOptions;
  readonly #turns = new Turns();
  readonly #lanes = new Map<LaneName, Lane>();
  readonly #underWay = new Set<Promise<void>>();
  /** Keys of what was sent, and could not be settled. */
  readonly #unsettled = new Set<string>();
  /** Of those whose settling failed, what came of the sending, by their keys. */
  readonly #sent = new Map<string, SentRow>();
  /** What calls somebody and waits, and when each is tried again, for when the storage can't tell; by their keys. */
  readonly #postponed = new Map<string, { readonly row: RowOf<CallingKind>; readonly at: number }>();
  readonly #poller: Poller;
  readonly #look: SharedWait<number | null>;
  readonly #passing: SharedWait<void>;
  #isStopped = false;

  constructor(kernel: Kernel, options: OutboxOptions) {
    this.#kernel = kernel;
    this.#options = options;
    this.#look = new SharedWait(kernel.clock, writeWithinMs, () => this.#leaseDue());
    this.#passing = new SharedWait(kernel.clock, passWithinMs, () => this.#passOnPages());
    this.#poller = new Poller(kernel, () => this.#poll());
    options.handler.subscribe(({ rows }) => this.#offerRows(rows));
  }

  /** Makes everything that waits in this lane due now, because what it waited for has happened. */
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
    for (const each of [this.#look, this.#passing]) await each[Symbol.asyncDispose]();
    await Promise.all(this.#underWay);
  }

  /** Resolves as `#leaseDue`. Where that fails or hangs, pages are passed on, those in memory first. */
  async #poll(): Promise<number | null> {
    try {
      const dueAt = await this.#look.wait();
      if (dueAt !== late) return dueAt;
      throw new Error("the storage did not answer in time");
    } catch (error) {
      this.#passOnPostponed();
      await this.#passing.wait();
      throw error;
    }
  }

  /**
   * Leases what is due and not leased: postponed rows, and those of a process that died. Resolves with the next moment
   * something is due, in epoch milliseconds; null when none is known.
   */
  async #leaseDue(): Promise<number | null> {
    const { store, clock } = this.#kernel;
    // That it could not be recorded is logged since it was sent; what else is due must not wait for it.
    await this.#settleSent().catch(() => undefined);
    const dueAt = await store.read((reader) => reader.nextOutboxAt());
    if (dueAt === null || dueAt > clock.now()) return dueAt;
    await this.#leaseAll();
    return null;
  }

  /**
   * Records what was sent while the storage took nothing, so that nobody is rung or paged for it once more. Rejects
   * while the storage is down. What can't be recorded although it is not is sent again when its lease ends.
   */
  async #settleSent(): Promise<void> {
    for (const [key, { row, outcome }] of this.#sent) {
      try {
        await this.#settleRow(this.#options.senders[row.outgoing.kind], row, outcome);
      } catch {
        // Rejects where the storage is still down; else this row alone is at fault.
        await this.#kernel.store.write((tx) => tx.lanes());
      }
      this.#sent.delete(key);
      this.#unsettled.delete(key);
    }
  }

  async #passOnPages(): Promise<void> {
    const { store, clock } = this.#kernel;
    const ready = await store.read((reader) => reader.listReadyPages(clock.now(), maxUnleased));
    for (const row of ready) if (isCalling(row) && !this.#unsettled.has(row.key)) this.#options.onUnleased(row);
  }

  #passOnPostponed(): void {
    const now = this.#kernel.clock.now();
    for (const [key, { row, at }] of this.#postponed) {
      if (at > now) continue;
      this.#postponed.delete(key);
      this.#options.onUnleased(row);
    }
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
    this.#offerRows(leased);
  }

  #offerRows(rows: readonly OutboxRow[]): void {
    for (const row of rows) {
      this.#postponed.delete(row.key);
      this.#laneOf(row.lane).offer(row);
    }
  }

  #laneOf(name: LaneName): Lane {
    const known = this.#lanes.get(name);
    if (known !== undefined) return known;
    const { clock, inFlight } = this.#kernel;
    const isPager = isPagerLane(name);
    const lane = new Lane({
      ...{ clock, inFlight },
      maxAtOnce: this.#options.maxAtOnceOf(name),
      // Nobody waits for more than for a page.
      fewAtOnce: isPager ? Number.POSITIVE_INFINITY : fewAtOnce,
      presses: isPager ? new Presses() : this.#options.handler.presses,
      turns: this.#turns,
      goesFirst: name === "alarm",
      send: (row) => this.#startDelivery(row),
      leave: (row) => this.#postpone(row, clock.now()),
    });
    this.#lanes.set(name, lane);
    return lane;
  }

  #startDelivery(row: OutboxRow): Promise<void> {
    // A row that has not been started when the process stops stays on disk for the next start.
    if (this.#isStopped) return Promise.resolve();
    const promise = this.#deliver(row).finally(() => this.#underWay.delete(promise));
    this.#underWay.add(promise);
    return promise;
  }

  async #deliver(row: OutboxRow): Promise<void> {
    const { store, clock, log } = this.#kernel;
    const sender = this.#options.senders[row.outgoing.kind];
    if (this.#sent.has(row.key)) return;
    let sent: SendOutcome | null = null;
    try {
      if ((await sender.before?.(row)) === "drop") {
        const isSettled = await store.write((tx) => tx.settle(row, clock.now()), { sent: [row] });
        if (!isSettled) this.#poller.expect(clock.now());
        return;
      }
      const outcome = await this.#sendInTime(sender, row);
      this.#count(row, outcome);
      if (!(outcome instanceof DeliveryError)) {
        sent = outcome;
        this.#unsettled.add(row.key);
      }
      await this.#settleRow(sender, row, outcome);
      this.#unsettled.delete(row.key);
    } catch (error) {
      // The storage is down; the row stays on disk and is found again when its lease ends.
      if (sent !== null) this.#sent.set(row.key, { row, outcome: sent });
      if (isCalling(row)) this.#options.onUnsettled(row, sent);
      log.error({ row: row.key, incident: row.incident, err: error }, "outbox-not-recorded");
    }
  }

  #count({ outgoing }: OutboxRow, outcome: SendOutcome | DeliveryError): void {
    const isFailure = outcome instanceof DeliveryError;
    // What was held back, or has more to do, has come to nothing yet.
    if (!isFailure && outcome.kind !== "done") return;
    const pager = "pager" in outgoing ? outgoing.pager : null;
    this.#options.sendings.add({ kind: outgoing.kind, pager, result: isFailure ? outcome.reason : "sent" });
  }

  async #sendInTime(sender: Sender, row: OutboxRow): Promise<SendOutcome | DeliveryError> {
    const { clock } = this.#kernel;
    const withinMs = this.#options.timeoutOf(row);
    using timeout = clock.timeout(withinMs);
    try {
      // A sender that ignores its signal must hold no slot, and its failure must be known while others can still be
      // paged.
      const outcome = await withTimeout(clock, withinMs + sendGraceMs, sender.send(row, timeout.signal));
      if (outcome !== late) return outcome;
      return new DeliveryError("unreachable", "the sending did not end when its time was up", { mayHaveArrived: true });
    } catch (error) {
      if (error instanceof DeliveryError) return error.isHeldBack ? toComeBack(error, clock.now()) : error;
      return new DeliveryError("unreachable", "the sending failed unexpectedly", { cause: error });
    }
  }

  /** Settles or postpones the row, and records the result, in one transaction. */
  async #settleRow(sender: Sender, row: OutboxRow, outcome: SendOutcome | DeliveryError): Promise<void> {
    const now = this.#kernel.clock.now();
    const [failure, sent] = outcome instanceof DeliveryError ? [outcome, null] : [null, outcome];
    const retryAt = failure === null ? null : await decideRetryAt(sender, row, failure, now);
    const dueAgainAt = sent === null ? retryAt : toAgainAt(sent);
    const result = { failure, isRetried: retryAt !== null, isWithheld: sent?.kind === "withheld" };
    // With "again" there is more to do, and no result to record yet.
    const isFinal = sent?.kind !== "again";
    const foreseen =
      dueAgainAt === null ? { sent: [row], incidents: [row.incident], cards: [row.incident] } : undefined;
    const isSettled = await this.#options.handler.write(async (tx) => {
      await sent?.record?.(tx);
      const shown = sent?.shown?.() ?? null;
      const commits: readonly Commit[] = isFinal ? ((await sender.after?.(tx, row, { ...result, shown })) ?? []) : [];
      if (dueAgainAt === null) return { value: await tx.settle(row, now), commits };
      await tx.postpone(row, dueAgainAt, failure?.reason ?? null);
      return { value: false, commits };
    }, foreseen);
    if (dueAgainAt !== null)
      this.#postpone({ ...row, attempts: row.attempts + (failure === null ? 0 : 1) }, dueAgainAt);
    if (failure !== null) this.#logFailure(sender, row, failure, result.isRetried);
    // A row that was enqueued again while it was under way is due at once.
    if (!isSettled) this.#poller.expect(dueAgainAt ?? now);
  }

  #postpone(row: OutboxRow, at: number): void {
    if (isCalling(row)) this.#postponed.set(row.key, { row, at });
  }

  #logFailure(sender: Sender, row: OutboxRow, { reason, message }: DeliveryError, isRetried: boolean): void {
    const facts = { kind: row.outgoing.kind, incident: row.incident, lane: row.lane, attempts: row.attempts + 1 };
    this.#kernel.log.warn(
      { ...facts, reason, retried: isRetried, why: message },
      sender.failedEvent ?? "delivery-failed",
    );
  }
}
