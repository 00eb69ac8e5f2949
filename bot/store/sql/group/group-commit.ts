import { setImmediate } from "node:timers/promises";
import { Reasons } from "../../../kit/reasons.ts";
import type { Log } from "../../../log.ts";
import type { Foreseen } from "../../../ports/store/store.ts";
import { attempt, type Savepoints, type Unit, type WaitingWork } from "./work.ts";

/** A connection that holds one transaction at a time. */
export interface Session extends Savepoints {
  begin(): Promise<void>;
  /** Ends the transaction and lets others see it; it survives a power cut once `sync` has resolved. */
  commit(): Promise<void>;
  /** Puts on disk everything that was committed before the call. */
  sync(): Promise<void>;
  /** Undoes the transaction; does nothing when there is none. */
  rollback(): Promise<void>;
}

/** Why a database takes nothing more until another start. */
export type Loss = "storage-lost-sync" | "storage-damaged" | "storage-gone" | "storage-taken";

/** Why a transaction was refused and undone. */
interface Refusal {
  readonly cause: unknown;
  /** Whether the disk let it begin: then it may have room for another one. */
  readonly isBegun: boolean;
}

/** A group blocks the event loop while it runs, some 0.1 ms a press; from here on a larger one saves little. */
const maxGroup = 64;

/**
 * Runs waiting work in shared transactions, one after the other: many presses, one fsync. The disk works while the
 * event loop takes what comes in, and that makes up the next group.
 */
export class GroupCommit<Tx> {
  readonly #session: Session;
  readonly #unit: Unit<Tx>;
  readonly #log: Log;
  readonly #onLost: () => void;
  readonly #onGroup: () => void;
  readonly #waiting: WaitingWork<Tx>[] = [];
  #listFirst: () => readonly WaitingWork<Tx>[] = () => [];
  #draining: Promise<void> | null = null;
  #lost: Error | null = null;
  #isClosed = false;
  #isFailing = false;
  readonly #reasons = new Reasons();
  /** Counts the groups; what `look` last saw of that, and null when none was under way. */
  #groups = 0;
  #isUnderWay = false;
  #seen: number | null = null;
  #isHanging = false;

  /** `onGroup` is called after each group that is on disk. */
  constructor(session: Session, unit: Unit<Tx>, log: Log, onLost: () => void, onGroup: () => void = () => {}) {
    this.#session = session;
    this.#unit = unit;
    this.#log = log;
    this.#onLost = onLost;
    this.#onGroup = onGroup;
  }

  /** Resolves once the work is on disk. Rejects with the work's own error, or with the storage's as `cause`. */
  write<T>(work: (tx: Tx) => Promise<T>, foreseen?: Foreseen): Promise<T> {
    if (this.#isClosed) return Promise.reject(new Error("the store is closed"));
    if (this.#lost !== null) return Promise.reject(this.#lost);
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    this.#waiting.push({
      async run(tx) {
        const answer = await work(tx);
        return () => resolve(answer);
      },
      reject,
      foreseen,
    });
    this.#draining ??= this.#drain();
    return promise;
  }

  /** As the store promises of it. */
  writeFirst(list: () => readonly WaitingWork<Tx>[]): void {
    this.#listFirst = list;
  }

  /** Whether the last group was refused, so that the next one may be too. */
  get isFailing(): boolean {
    return this.#isFailing;
  }

  /**
   * Whether the disk hangs: the same group is under way as at the look before. Looks are some seconds apart, and the
   * loop turns between them.
   */
  look(): boolean {
    const now = this.#isUnderWay ? this.#groups : null;
    const isHanging = now !== null && now === this.#seen;
    if (isHanging && !this.#isHanging) this.#log.error({ waiting: this.#waiting.length }, "storage-hangs");
    if (!isHanging && this.#isHanging) this.#log.info({}, "storage-works-again");
    this.#seen = now;
    this.#isHanging = isHanging;
    return isHanging;
  }

  /** Takes nothing more, because what is on disk can't be trusted any more; only a new start can judge it. */
  lose(event: Loss, cause: unknown): void {
    if (this.#lost !== null) return;
    this.#log.error({ err: cause }, event);
    this.#lost = new Error("the disk did not take it", { cause });
    for (const each of this.#waiting.splice(0)) each.reject(this.#lost);
    this.#onLost();
  }

  /** Takes no more work and resolves when all that waits is done. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#draining;
  }

  async #drain(): Promise<void> {
    while (this.#waiting.length > 0) {
      await this.#gather();
      const first = await this.#runFirst();
      const group = this.#waiting.splice(0, maxGroup);
      // Nothing is taken any more, and all that waited was told so.
      if (group.length === 0) break;
      // A disk that is nearly full may have room for all but what goes first.
      const refusal = first?.refusal.isBegun === false ? first.refusal : await this.#run(group);
      this.#noteWorks(refusal);
      if (refusal === null) for (const each of first?.works ?? []) each.reject(first?.refusal.cause);
      else for (const each of group) each.reject(new Error("the storage did not take it", { cause: refusal.cause }));
    }
    this.#draining = null;
  }

  /** Writes what goes first, some at a time, until none is left. Resolves with what the disk refused; null: none. */
  async #runFirst(): Promise<{ readonly works: readonly WaitingWork<Tx>[]; readonly refusal: Refusal } | null> {
    for (;;) {
      const works = this.#lost === null ? this.#listFirst() : [];
      if (works.length === 0) return null;
      const refusal = await this.#run(works);
      if (refusal !== null) return { works, refusal };
    }
  }

  /** One line a reason, because with one at every press the log would fill the disk that may be full already. */
  #noteWorks(refusal: Refusal | null): void {
    if (refusal !== null && this.#reasons.isNew(refusal.cause))
      this.#log.error({ err: refusal.cause }, "storage-fails");
    if (refusal === null && this.#isFailing) {
      this.#log.info({}, "storage-works-again");
      this.#reasons.forget();
    }
    this.#isFailing = refusal !== null;
  }

  /**
   * Waits until a turn of the event loop brings no more work. A thousand buttons at the same moment are let in one a
   * turn, and must not pay for a sync each.
   */
  async #gather(): Promise<void> {
    for (let before = 0; before < this.#waiting.length && before < maxGroup; ) {
      before = this.#waiting.length;
      await setImmediate();
    }
  }

  /** Runs works in one transaction, and tells them once it is on disk. Resolves with why it was refused. */
  async #run(works: readonly WaitingWork<Tx>[]): Promise<Refusal | null> {
    this.#groups += 1;
    this.#isUnderWay = true;
    try {
      const { answers, refusal } = await this.#commit(works);
      if (answers !== null) await this.#confirm(works, answers);
      return refusal;
    } finally {
      this.#isUnderWay = false;
    }
  }

  async #confirm(works: readonly WaitingWork<Tx>[], answers: readonly (() => void)[]): Promise<void> {
    try {
      await this.#session.sync();
    } catch (cause) {
      // After a failed sync the system may call lost pages written, and a later sync would confirm what builds on
      // them. Nothing more is taken until a new start has read the disk again.
      this.lose("storage-lost-sync", cause);
    }
    // Where its files went while it was synced nobody will find it there.
    if (this.#lost !== null) {
      for (const each of works) each.reject(this.#lost);
      return;
    }
    for (const answer of answers) answer();
    this.#onGroup();
  }

  /** `answers` is what tells each once it is on disk; null: the transaction was refused and undone. */
  async #commit(
    works: readonly WaitingWork<Tx>[],
  ): Promise<{ readonly answers: readonly (() => void)[] | null; readonly refusal: Refusal | null }> {
    let isBegun = false;
    try {
      await this.#session.begin();
      isBegun = true;
      const [only] = works;
      const isAlone = works.length === 1 && only !== undefined;
      const answers = isAlone ? [await this.#runAlone(only)] : await this.#runTogether(works);
      return { answers, refusal: null };
    } catch (cause) {
      await this.#session.rollback().catch((error) => this.#log.error({ err: error }, "rollback-failed"));
      return { answers: null, refusal: { cause, isBegun } };
    }
  }

  async #runTogether(group: readonly WaitingWork<Tx>[]): Promise<readonly (() => void)[]> {
    const answers = await this.#unit.run(group);
    await this.#commitUnlessLost();
    return answers;
  }

  /** Runs a group of one, which needs no savepoint because the transaction is one. */
  async #runAlone(only: WaitingWork<Tx>): Promise<() => void> {
    const { isDone, answer } = await attempt(only, this.#unit.alone);
    await (isDone ? this.#commitUnlessLost() : this.#session.rollback());
    return answer;
  }

  /** Commits, unless the work that was done met a part of the file that is damaged. */
  async #commitUnlessLost(): Promise<void> {
    if (this.#lost !== null) throw this.#lost;
    await this.#session.commit();
  }
}
