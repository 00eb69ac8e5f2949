import type { Foreseen } from "../../../ports/store/store.ts";

/** A work that waits for its transaction. */
export interface WaitingWork<Tx> {
  /** Does the work. The result resolves the caller's promise; it is called after the sync. */
  run(tx: Tx): Promise<() => void>;
  reject(reason: unknown): void;
  /** What it will read; left out: that is not known. */
  readonly foreseen?: Foreseen | undefined;
}

/** What tells each work what came of it, once that is on disk. */
export type Answers = readonly (() => void)[];

/** What came of works that were run in memory. */
export interface RunTogether {
  readonly answers: Answers;
  readonly written: Promise<unknown>;
  /** Whether it took it of something that it is not there. */
  readonly hasAssumed: boolean;
}

/** How works are run in a transaction that is open. */
export interface Unit<Tx> {
  /** For a work that is run by its own statements. */
  readonly alone: Tx;
  /**
   * Runs works whose reads are foreseen in memory, in order, so that each sees what those before it wrote, and asks for
   * all of it to be written; later works go by that already, until it is forgotten. There are fewer answers than works
   * where one can't be run in memory: it and those after it were not run. `written` rejects where the transaction has
   * to be undone, and so does the promise: then each work has to be run by its own statements. `mayAssume`: of what
   * most often is not there it may take it that it is not, and ask whether it was right together with what is written.
   */
  runTogether(works: readonly WaitingWork<Tx>[], mayAssume: boolean): Promise<RunTogether>;
  /** Whether it goes by what was read in an earlier transaction, so that nobody else may have written since. */
  readonly isKnowing: boolean;
  /** Forgets all that it knows, because it was changed otherwise, or may have been. */
  forget(): void;
}

/** The savepoints of a transaction, one within another. */
export interface Savepoints {
  /** Sets one. */
  savepoint(): Promise<void>;
  /** Drops the last one, and keeps what happened since. */
  release(): Promise<void>;
  /** Drops the last one, and undoes what happened since. */
  undoSavepoint(): Promise<void>;
}

export interface Failure {
  readonly cause: unknown;
}

/** Resolves with how it failed; null: it did not. So whatever is asked at once can be waited for in any order. */
export function toFailure(promise: Promise<unknown>): Promise<Failure | null> {
  return promise.then(
    () => null,
    (cause: unknown) => ({ cause }),
  );
}

/** What came of a work: what tells whoever asked for it, once that is on disk, and how it failed; null: it did not. */
export interface Attempt {
  readonly answer: () => void;
  readonly failure: Failure | null;
}

/** Runs a work; that it fails is told by its answer. */
export async function attempt<Tx>(work: WaitingWork<Tx>, tx: Tx): Promise<Attempt> {
  try {
    return { answer: await work.run(tx), failure: null };
  } catch (cause) {
    return { answer: () => work.reject(cause), failure: { cause } };
  }
}
