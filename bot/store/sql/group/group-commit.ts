import { setImmediate } from "node:timers/promises";
import type { Log } from "../../../log.ts";
import type { Foreseen } from "../../../ports/store/store.ts";
import { DiskWatch } from "./disk-watch.ts";
import { type Asked, type Refusal, type Session, Transactions } from "./transactions.ts";
import type { Unit, WaitingWork } from "./work.ts";

/** Why a database takes nothing more until another start. */
export type Loss = "storage-lost-sync" | "storage-lost-thread" | "storage-damaged" | "storage-gone" | "storage-taken";

/** Deciding blocks the event loop, some 0.1 ms a press; from here on a larger group saves little. */
const maxGroup = 64;
/** From so many works on that wait a group is not held up until the one before it is on disk. */
const worthAhead = 16;
/**
 * So many groups one after the other are asked for before the one before is on disk; then nothing is under way for a
 * moment, in which what can't be done within a transaction is, as bringing in the log.
 */
const maxAhead = 15;
/** A group in which more works than this can't be run in memory is no cheaper together. */
const maxMisfits = 2;

/**
 * Runs waiting work in shared transactions, one after the other: many presses, one fsync. The disk works while the
 * event loop takes what comes in, and that makes up the next group; where many wait it is run in memory, and asked for,
 * before the disk has the one before it.
 */
export class GroupCommit<Tx> {
  readonly #transactions: Transactions<Tx>;
  readonly #log: Log;
  readonly #onLost: () => void;
  readonly #waiting: WaitingWork<Tx>[] = [];
  readonly #watch: DiskWatch;
  #listFirst: () => readonly WaitingWork<Tx>[] = () => [];
  #draining: Promise<void> | null = null;
  /** Resolved once so many wait that a group is worth it. */
  #many = Promise.withResolvers<boolean>();
  #lost: Error | null = null;
  #isClosed = false;

  /** `onGroup` is called after each group that is on disk. */
  constructor(session: Session, unit: Unit<Tx>, log: Log, onLost: () => void, onGroup: () => void = () => {}) {
    this.#log = log;
    this.#watch = new DiskWatch(log);
    this.#onLost = onLost;
    this.#transactions = new Transactions(session, unit, {
      log,
      watch: this.#watch,
      onDone: onGroup,
      onNotSynced: (cause) => this.lose("storage-lost-sync", cause),
    });
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
    if (this.#waiting.length >= worthAhead) this.#many.resolve(true);
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
    this.#transactions.lose(this.#lost);
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
      const isWhole = true;
      const outcome = await (works.every(isForeseen)
        ? this.#transactions.settle(await this.#transactions.ask(works, { isWhole }), { isWhole })
        : this.#transactions.each(works));
      if (outcome.refusal !== null) return outcome.refusal;
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

  /**
   * Runs works in few transactions, in order, and tells them. What is behind one that is refused is tried all the same,
   * because that may be so for this one only, until the next one is refused too. Resolves with all that was refused;
   * null: nothing.
   */
  async #run(works: readonly WaitingWork<Tx>[]): Promise<Refusal<Tx> | null> {
    let rest = works;
    const refused: WaitingWork<Tx>[] = [];
    let last: Refusal<Tx> | null = null;
    let wasRefused = false;
    for (let misfits = 0; rest.length > 0; ) {
      const together = misfits > maxMisfits ? [] : takeWhile(rest, isForeseen);
      const each = takeWhile(rest, (work) => misfits > maxMisfits || !isForeseen(work));
      // What waits behind the rest is not done before it.
      const ahead = together.length < rest.length ? 0 : maxAhead;
      const outcome = await (together.length > 0 ? this.#runAhead(together, ahead) : this.#transactions.each(each));
      const { done, refusal } = outcome;
      const isOver = refusal !== null && (!refusal.isBegun || (wasRefused && done === 0));
      const untaken = isOver ? rest.slice(done) : (refusal?.works ?? []);
      refused.push(...untaken);
      wasRefused = refusal !== null;
      last = refusal ?? last;
      if (done + untaken.length < together.length) misfits += 1;
      rest = rest.slice(done + untaken.length);
    }
    return last && { ...last, works: refused };
  }

  /**
   * Runs works together, and while they are written those that have come by then, as long as many come, up to `most`
   * groups. Of these it puts back what is not taken. Resolves with what came of the first ones.
   */
  async #runAhead(works: readonly WaitingWork<Tx>[], most: number) {
    const first = await this.#transactions.ask(works);
    let last = first;
    for (let ahead = 0; ; ahead += 1) {
      const beside = ahead < most ? await this.#takeBeside(last) : [];
      const next = beside.length > 0 ? await this.#transactions.ask(beside) : null;
      const isDone = (await last.ended) === null;
      if (!isDone && next !== null) this.#putBack(beside);
      if (!isDone && last !== first) {
        await this.#transactions.undo();
        this.#putBack(last.works);
      }
      if (!isDone || next === null) return await this.#transactions.settle(first);
      this.#watch.note(null);
      this.#putBack(next.rest);
      last = next;
    }
  }

  /** Takes what waits by the time that so many do; none, where the last ones have ended before that. */
  async #takeBeside({ rest, ended }: Asked<Tx>): Promise<readonly WaitingWork<Tx>[]> {
    if (rest.length > 0) return [];
    this.#many = Promise.withResolvers();
    if (this.#waiting.length >= worthAhead) this.#many.resolve(true);
    if (!(await Promise.race([this.#many.promise, ended.then(() => false)]))) return [];
    await this.#gather();
    const works = takeWhile(this.#waiting.slice(0, maxGroup), isForeseen);
    // What goes first is written alone, and so is what was not foreseen.
    if (works.length < worthAhead || this.#listFirst().length > 0) return [];
    return this.#waiting.splice(0, works.length);
  }

  #putBack(works: readonly WaitingWork<Tx>[]): void {
    if (this.#lost !== null) for (const each of works) each.reject(this.#lost);
    else this.#waiting.unshift(...works);
  }
}

function isForeseen({ foreseen }: { readonly foreseen?: unknown }): boolean {
  return foreseen !== undefined;
}

/** Those at the front that are so. */
function takeWhile<T>(all: readonly T[], isSo: (each: T) => boolean): readonly T[] {
  const end = all.findIndex((each) => !isSo(each));
  return end === -1 ? all : all.slice(0, end);
}
