import type { Log } from "../../../log.ts";
import { FailedBefore } from "../connection.ts";
import type { DiskWatch } from "./disk-watch.ts";
import {
  type Answers,
  type Attempt,
  attempt,
  type Failure,
  type Savepoints,
  toFailure,
  type Unit,
  type WaitingWork,
} from "./work.ts";

/**
 * A connection that holds one transaction at a time. What it is asked is done in that order, so that nobody has to wait
 * for one answer before asking the next thing. Once something failed nothing more is done, in that transaction or the
 * next one, until that is undone to the last savepoint, or all of it.
 */
export interface Session extends Savepoints {
  /** `isKnowing`: who begins it goes by what was read before. Where somebody else has written since, it has failed. */
  begin(isKnowing?: boolean): Promise<void>;
  /** Ends the transaction and lets others see it; it survives a power cut once `sync` has resolved. */
  commit(): Promise<void>;
  /** Puts on disk everything that was committed before the call. */
  sync(): Promise<void>;
  /** Undoes the transaction, where there is one, and forgets what failed. */
  rollback(): Promise<void>;
  /** Whether the storage itself refused something, as a full disk does, and not because of what it was asked. */
  isRefusal(error: unknown): boolean;
}

/** Why works were refused, and what was asked of the disk undone. */
export interface Refusal<Tx> {
  readonly works: readonly WaitingWork<Tx>[];
  readonly cause: unknown;
  /** Whether the disk let it begin: then it may have room for another one. */
  readonly isBegun: boolean;
}

/** What came of works. */
export interface Outcome<Tx> {
  /** So many, from the first one on, were told what came of them. */
  readonly done: number;
  /** What was refused behind those; null: nothing. Those behind it were not run. */
  readonly refusal: Refusal<Tx> | null;
}

/** Why works that were run together are not on disk: they were refused, or have to be run otherwise. */
type Miss = Omit<Refusal<never>, "works"> | "otherwise";

/** Works that were run in memory, and asked to be written. */
export interface Asked<Tx> {
  /** Those that were run. */
  readonly works: readonly WaitingWork<Tx>[];
  /** Those after them: the first one can't be run in memory. */
  readonly rest: readonly WaitingWork<Tx>[];
  readonly hasAssumed: boolean;
  /** Resolves with why they are not on disk; null: they are, and have been told so. */
  readonly ended: Promise<Miss | null>;
}

export interface TransactionsOptions {
  readonly log: Log;
  readonly watch: DiskWatch;
  /** Called after each one that is on disk. */
  readonly onDone: () => void;
  /** Called where what was committed may not be on disk. */
  readonly onNotSynced: (cause: unknown) => void;
}

/** Runs works in transactions. */
export class Transactions<Tx> {
  readonly #session: Session;
  readonly #unit: Unit<Tx>;
  readonly #options: TransactionsOptions;
  #lost: Error | null = null;

  constructor(session: Session, unit: Unit<Tx>, options: TransactionsOptions) {
    this.#session = session;
    this.#unit = unit;
    this.#options = options;
  }

  /** Commits and confirms nothing more. */
  lose(error: Error): void {
    this.#lost = error;
  }

  /**
   * Runs works in memory, and asks for the commit together with what they write; where one can't be run in memory, of
   * those before it. `isWhole`: of all of them, or none. Another one may be asked for before this one has ended.
   */
  async ask(works: readonly WaitingWork<Tx>[], { isWhole = false, mayAssume = true } = {}): Promise<Asked<Tx>> {
    const entry = this.#options.watch.enter();
    const begun = toFailure(this.#session.begin(this.#unit.isKnowing));
    const run = await this.#unit.runTogether(works, mayAssume).catch(() => null);
    const done = works.slice(0, run?.answers.length ?? 0);
    const isEnough = isWhole ? done.length === works.length : done.length > 0;
    const end = run !== null && isEnough ? this.#end() : null;
    // Each is waited for, because a disk that hangs in it is watched for only until this has ended.
    const failures = Promise.all([begun, end?.committed, end?.synced, run && toFailure(run.written)]);
    const ended = failures.then(([notBegun, notCommitted, notSynced = null]): Miss | null => {
      entry[Symbol.dispose]();
      if (notBegun) return { ...notBegun, isBegun: false };
      if (run === null || end === null || notCommitted?.cause instanceof FailedBefore) return "otherwise";
      if (notCommitted) return { ...notCommitted, isBegun: true };
      this.#confirm(done, run.answers, notSynced);
      return null;
    });
    return { works: done, rest: works.slice(done.length), hasAssumed: run?.hasAssumed ?? false, ended };
  }

  /**
   * Waits for works that were asked for. Where what was read is no longer so, or the database refuses what they write,
   * they are run once more with nothing taken for granted, and then each by its own statements.
   */
  async settle(asked: Asked<Tx>, { isWhole = false } = {}): Promise<Outcome<Tx>> {
    const { works: done, rest, hasAssumed, ended } = asked;
    const miss = await ended;
    if (miss === null) return { done: done.length, refusal: null };
    const works = [...done, ...rest];
    if (miss !== "otherwise") return await this.#refuse(works, miss, miss.isBegun);
    await this.undo();
    const isTaken = isWhole ? rest.length === 0 : done.length > 0;
    if (isTaken && hasAssumed) {
      return await this.settle(await this.ask(works, { isWhole, mayAssume: false }), { isWhole });
    }
    return await this.each(isWhole ? works : done.length > 0 ? done : works.slice(0, 1));
  }

  /** Runs works by their own statements, one after the other, up to the first one that the storage refuses. */
  async each(works: readonly WaitingWork<Tx>[]): Promise<Outcome<Tx>> {
    using _entry = this.#options.watch.enter();
    const [only] = works;
    const answers: (() => void)[] = [];
    let isBegun = false;
    this.#unit.forget();
    try {
      await this.#session.begin();
      isBegun = true;
      if (works.length === 1 && only !== undefined) return await this.#only(only);
      for (const work of works) {
        const { answer, failure } = await this.#attemptUnderSavepoint(work);
        if (failure !== null && this.#session.isRefusal(failure.cause)) {
          // There may be room for those before it.
          if (answers.length === 0) throw failure.cause;
          const outcome = await this.#commit(works.slice(0, answers.length), answers);
          return { ...outcome, refusal: { ...failure, works: [work], isBegun } };
        }
        answers.push(answer);
      }
      return await this.#commit(works, answers);
    } catch (cause) {
      return await this.#refuse(works.slice(0, answers.length + 1), { cause }, isBegun);
    }
  }

  /** Undoes what was asked for and is not done. */
  async undo(): Promise<void> {
    using _entry = this.#options.watch.enter();
    this.#unit.forget();
    await this.#session.rollback().catch((error) => this.#options.log.error({ err: error }, "rollback-failed"));
  }

  /** Runs one that has the transaction to itself, so that it needs no savepoint. */
  async #only(work: WaitingWork<Tx>): Promise<Outcome<Tx>> {
    const { answer, failure } = await attempt(work, this.#unit.alone);
    if (failure === null) return await this.#commit([work], [answer]);
    if (this.#session.isRefusal(failure.cause)) throw failure.cause;
    await this.#session.rollback();
    return this.#confirm([work], [answer], null);
  }

  /** Runs one that shares it, and undoes what it wrote when it fails. Rejects where all has to be undone. */
  async #attemptUnderSavepoint(work: WaitingWork<Tx>): Promise<Attempt> {
    await this.#session.savepoint();
    const attempted = await attempt(work, this.#unit.alone);
    // Where a statement failed nothing more is taken, also of a work that went on: that is its own failure.
    const failure = attempted.failure ?? (await toFailure(this.#session.release()));
    if (failure === null) return attempted;
    const notUndone = await toFailure(this.#session.undoSavepoint());
    // SQLite ends the transaction by itself on a full disk, and then only says that there is no savepoint.
    if (notUndone !== null) throw this.#session.isRefusal(failure.cause) ? failure.cause : notUndone.cause;
    return { answer: () => work.reject(failure.cause), failure };
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
    if (notSynced) this.#options.onNotSynced(notSynced.cause);
    // Where its files went while it was synced nobody will find it there.
    if (this.#lost !== null) for (const each of works) each.reject(this.#lost);
    else {
      for (const answer of answers) answer();
      this.#options.onDone();
    }
    return { done: works.length, refusal: null };
  }

  async #refuse(works: readonly WaitingWork<Tx>[], { cause }: Failure, isBegun: boolean): Promise<Outcome<Tx>> {
    await this.undo();
    if (!isBegun || !(cause instanceof FailedBefore)) return { done: 0, refusal: { works, cause, isBegun } };
    // A work that went on after a statement of its own was refused.
    for (const each of works) each.reject(cause);
    return { done: works.length, refusal: null };
  }
}
