import { setImmediate } from "node:timers/promises";
import type { Log } from "../../../log.ts";
import type { Foreseen } from "../../../ports/store/store.ts";
import { FailedBefore } from "../query.ts";
import { DiskWatch } from "./disk-watch.ts";
import { type Answers, attempt, type Savepoints, type Unit, type WaitingWork } from "./work.ts";

/**
 * A connection that holds one transaction at a time. What it is asked is done in that order, so that nobody has to wait
 * for one answer before asking the next thing; and nothing more is done in a transaction in which something failed,
 * until that is undone to the last savepoint, or all of it.
 */
export interface Session extends Savepoints {
  /** `isKnowing`: who begins it goes by what was read before. Where somebody else has written since, it has failed. */
  begin(isKnowing?: boolean): Promise<void>;
  /** Ends the transaction and lets others see it; it survives a power cut once `sync` has resolved. */
  commit(): Promise<void>;
  /** Puts on disk everything that was committed before the call. */
  sync(): Promise<void>;
  /** Undoes the transaction; does nothing when there is none. */
  rollback(): Promise<void>;
}

/** Why a database takes nothing more until another start. */
export type Loss = "storage-lost-sync" | "storage-lost-thread" | "storage-damaged" | "storage-gone" | "storage-taken";

/** Why works were refused, and what was asked of the disk undone. */
interface Refusal<Tx> {
  readonly works: readonly WaitingWork<Tx>[];
  readonly cause: unknown;
  /** Whether the disk let it begin: then it may have room for another one. */
  readonly isBegun: boolean;
}

/** What came of a transaction: it was refused, or so many works were told what came of them. */
type Outcome<Tx> = { readonly refusal: Refusal<Tx> } | { readonly done: number };

/** Deciding blocks the event loop, some 0.1 ms a press; from here on a larger group saves little. */
const maxGroup = 64;
/** A group in which more works than this can't be run in memory is no cheaper together. */
const maxMisfits = 2;

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
  readonly #watch: DiskWatch;
  /** `onGroup` is called after each group that is on disk. */
  constructor(session: Session, unit: Unit<Tx>, log: Log, onLost: () => void, onGroup: () => void = () => {}) {
    this.#session = session;
    this.#unit = unit;
    this.#log = log;
    this.#watch = new DiskWatch(log);
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

  /** As of `DiskWatch`. */
  get isFailing(): boolean {
    return this.#watch.isFailing;
  }

  look(): boolean {
    return this.#watch.look(this.#waiting.length);
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
      const refusal = first?.isBegun === false ? { ...first, works: group } : await this.#run(group);
      this.#watch.note(refusal);
      if (refusal === null) for (const each of first?.works ?? []) each.reject(first?.cause);
      else
        for (const each of refusal.works)
          each.reject(new Error("the storage did not take it", { cause: refusal.cause }));
    }
    this.#draining = null;
  }

  /**
   * Writes what goes first, what is listed at once in one transaction, until none is left. Resolves with what the disk
   * refused; null: none.
   */
  async #runFirst(): Promise<Refusal<Tx> | null> {
    for (;;) {
      const works = this.#lost === null ? this.#listFirst() : [];
      if (works.length === 0) return null;
      const outcome = await (works.every(isForeseen)
        ? this.#transactTogether(works, { isWhole: true })
        : this.#transactEach(works));
      if ("refusal" in outcome) return outcome.refusal;
    }
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

  /** Runs works in few transactions, in order, and tells them. Resolves with what was refused; null: nothing. */
  async #run(works: readonly WaitingWork<Tx>[]): Promise<Refusal<Tx> | null> {
    let rest = works;
    for (let misfits = 0; rest.length > 0; ) {
      const together = misfits > maxMisfits ? [] : takeWhile(rest, isForeseen);
      const each = takeWhile(rest, (work) => misfits > maxMisfits || !isForeseen(work));
      const outcome = await (together.length > 0 ? this.#transactTogether(together) : this.#transactEach(each));
      if ("refusal" in outcome) return { ...outcome.refusal, works: rest };
      if (outcome.done < together.length) misfits += 1;
      rest = rest.slice(outcome.done);
    }
    return null;
  }

  /**
   * Runs works in memory, and asks for the commit together with what they write. Where one can't be run in memory those
   * before it are done, or it alone by its own statements. Where what was read is no longer so, or the database refuses
   * what they write, they are run once more with nothing taken for granted, and then each by its own statements.
   * `isWhole`: all of them in one transaction.
   */
  async #transactTogether(
    works: readonly WaitingWork<Tx>[],
    { isWhole = false, mayAssume = true } = {},
  ): Promise<Outcome<Tx>> {
    using _entry = this.#watch.enter();
    const begun = toFailure(this.#session.begin(this.#unit.isKnowing));
    const run = await this.#unit.runTogether(works, mayAssume).catch(() => null);
    const done = works.slice(0, run?.answers.length ?? works.length);
    const isEnough = isWhole ? done.length === works.length : done.length > 0;
    const end = run !== null && isEnough ? this.#end() : null;
    const failures = await Promise.all([begun, end?.committed, end?.synced, run && toFailure(run.written)]);
    const [notBegun, notCommitted, notSynced = null] = failures;
    // Each is waited for here, because a disk that hangs in it is watched for only until this has ended.
    if (notBegun) return await this.#refuse(works, notBegun, false);
    const isFailed = notCommitted?.cause instanceof FailedBefore;
    if (run === null || end === null || isFailed) {
      await this.#rollback();
      if (isFailed && run?.hasAssumed) return await this.#transactTogether(works, { isWhole, mayAssume: false });
      return await this.#transactEach(isEnough ? done : works.slice(0, isWhole ? works.length : 1));
    }
    if (notCommitted) return await this.#refuse(works, notCommitted, true);
    this.#unit.noteCommitted();
    return this.#confirm(done, run.answers, notSynced);
  }

  /** Runs works by their own statements; one alone needs no savepoint because the transaction is one. */
  async #transactEach(works: readonly WaitingWork<Tx>[]): Promise<Outcome<Tx>> {
    using _entry = this.#watch.enter();
    const [only] = works;
    let isBegun = false;
    this.#unit.forget();
    try {
      await this.#session.begin();
      isBegun = true;
      if (works.length > 1 || only === undefined) return await this.#commit(works, await this.#unit.runEach(works));
      const { isDone, answer } = await attempt(only, this.#unit.alone);
      if (isDone) return await this.#commit(works, [answer]);
      await this.#session.rollback();
      return this.#confirm(works, [answer], null);
    } catch (cause) {
      return await this.#refuse(works, { cause }, isBegun);
    }
  }

  async #commit(works: readonly WaitingWork<Tx>[], answers: Answers): Promise<Outcome<Tx>> {
    const { committed, synced } = this.#end();
    const [notCommitted, notSynced] = await Promise.all([committed, synced]);
    if (notCommitted) throw notCommitted.cause;
    return this.#confirm(works, answers, notSynced);
  }

  /** Asks for the commit and the sync, unless the work that was done met a part of the file that is damaged. */
  #end() {
    if (this.#lost !== null) return { committed: toFailure(Promise.reject(this.#lost)), synced: Promise.resolve(null) };
    return { committed: toFailure(this.#session.commit()), synced: toFailure(this.#session.sync()) };
  }

  /** Tells works that are on disk, or that they may not be. */
  #confirm(works: readonly WaitingWork<Tx>[], answers: Answers, notSynced: Failure | null): Outcome<Tx> {
    // After a failed sync the system may call lost pages written, and a later sync would confirm what builds on them.
    // Nothing more is taken until a new start has read the disk again.
    if (notSynced) this.lose("storage-lost-sync", notSynced.cause);
    // Where its files went while it was synced nobody will find it there.
    if (this.#lost !== null) for (const each of works) each.reject(this.#lost);
    else {
      for (const answer of answers) answer();
      this.#onGroup();
    }
    return { done: works.length };
  }

  async #refuse(works: readonly WaitingWork<Tx>[], { cause }: Failure, isBegun: boolean): Promise<Outcome<Tx>> {
    await this.#rollback();
    if (!(cause instanceof FailedBefore)) return { refusal: { works, cause, isBegun } };
    // A work that went on after a statement of its own was refused.
    for (const each of works) each.reject(cause);
    return { done: works.length };
  }

  async #rollback(): Promise<void> {
    this.#unit.forget();
    await this.#session.rollback().catch((error) => this.#log.error({ err: error }, "rollback-failed"));
  }
}

interface Failure {
  readonly cause: unknown;
}

/** Resolves with how it failed; null: it did not. So whatever is asked at once can be waited for in any order. */
function toFailure(promise: Promise<unknown>): Promise<Failure | null> {
  return promise.then(
    () => null,
    (cause: unknown) => ({ cause }),
  );
}

function isForeseen({ foreseen }: { readonly foreseen?: unknown }): boolean {
  return foreseen !== undefined;
}

/** Those at the front that are so. */
function takeWhile<T>(all: readonly T[], isSo: (each: T) => boolean): readonly T[] {
  const end = all.findIndex((each) => !isSo(each));
  return end === -1 ? all : all.slice(0, end);
}
