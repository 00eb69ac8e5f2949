import type { Foreseen } from "../../../ports/store/store.ts";

/** A work that waits for its transaction. */
export interface WaitingWork<Tx> {
  /** Does the work. The result resolves the caller's promise; it is called after the sync. */
  run(tx: Tx): Promise<() => void>;
  reject(reason: unknown): void;
  /** What it will read; left out: that is not known. */
  readonly foreseen?: Foreseen | undefined;
}

/** How works are run in a transaction that is open. */
export interface Unit<Tx> {
  /** For a work that has the transaction to itself. */
  readonly alone: Tx;
  /**
   * Runs works one after the other, each of which sees what those before it wrote, and undoes what one wrote that
   * fails. Resolves with what tells each, once all of it is written; rejects where the transaction has to be undone.
   */
  run(works: readonly WaitingWork<Tx>[]): Promise<readonly (() => void)[]>;
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

/** What came of a work, and what tells whoever asked for it, once that is on disk. */
export interface Attempt {
  readonly isDone: boolean;
  readonly answer: () => void;
}

/** Runs a work; that it fails is told by its answer. */
export async function attempt<Tx>(work: WaitingWork<Tx>, tx: Tx): Promise<Attempt> {
  try {
    return { isDone: true, answer: await work.run(tx) };
  } catch (error) {
    return { isDone: false, answer: () => work.reject(error) };
  }
}

/** Runs a work that is not alone in its transaction, and undoes what it wrote when it fails. */
export async function attemptUnderSavepoint<Tx>(
  session: Savepoints,
  work: WaitingWork<Tx>,
  tx: Tx,
): Promise<() => void> {
  await session.savepoint();
  return (await endSavepoint(session, work, await attempt(work, tx))).answer;
}

/**
 * Drops the savepoint of a work, and undoes what it wrote unless it is done. Resolves with what came of it then:
 * PostgreSQL takes nothing more where a statement failed, also of a work that went on, and that is its own failure.
 */
export async function endSavepoint<Tx>(
  session: Savepoints,
  work: WaitingWork<Tx>,
  { isDone, answer }: Attempt,
): Promise<Attempt> {
  if (isDone) {
    try {
      await session.release();
      return { isDone, answer };
    } catch (error) {
      await session.undoSavepoint();
      return { isDone: false, answer: () => work.reject(error) };
    }
  }
  await session.undoSavepoint();
  return { isDone, answer };
}
