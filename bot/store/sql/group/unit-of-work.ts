import type { Kysely } from "kysely";
import type { Transaction } from "../../../ports/store/store.ts";
import type { Connection } from "../query.ts";
import type { Tables } from "../tables.ts";
import { besideReader, besideTx, transactionOn } from "../transaction.ts";
import { NotTogether } from "./rows/not-together.ts";
import { Rows } from "./rows/rows.ts";
import type { Sequences } from "./rows/sequences.ts";
import { attempt, attemptUnderSavepoint, endSavepoint, type Savepoints, type Unit, type WaitingWork } from "./work.ts";

type Work = WaitingWork<Transaction>;

interface Running {
  /** It asked for what is not held in memory. */
  isNotTogether: boolean;
  /** Behind it the work has written what is not held in memory; null: it has written nothing of that. */
  savepoint: Promise<void> | null;
}

/** A group in which more works than this ask for what is not held in memory is no cheaper together. */
const maxNotTogether = 2;

/**
 * Runs the works of a group in a few statements for all of them. What they foresee is read at once; then each is run on
 * that in memory, in order, and sees what those before it wrote; at the end each table is written once. A work that
 * fails undoes its own changes in memory. One that foresees nothing, or asks for what is not held in memory, is run by
 * its own statements under a savepoint, between what is written for those before it and what is read for those after
 * it. And so are all, where what was read is no longer so when it is to be written.
 */
export class UnitOfWork implements Unit<Transaction> {
  readonly alone: Transaction;
  readonly #session: Savepoints;
  readonly #rows: Rows;
  readonly #together: Transaction;
  /** What is told of the work that is run in memory; null: none is. */
  #running: Running | null = null;

  constructor(db: Kysely<Tables>, connection: Connection & Savepoints, sequences: Sequences) {
    this.#session = connection;
    this.#rows = new Rows(db, connection, sequences);
    this.alone = transactionOn(db, connection);
    const held = this.#rows.toMethods();
    const reads = new Set(["loadPolicy", ...Object.keys(besideReader(db, connection))]);
    const writes = new Set(["savePolicy", ...Object.keys(besideTx(db, connection))]);
    this.#together = new Proxy<Transaction>(
      { ...this.alone, ...held },
      {
        get: (methods, name) => {
          const isHeld = name in held;
          const isRead = isHeld || reads.has(String(name));
          const isAdmitted = isRead || writes.has(String(name));
          return async (...values: readonly unknown[]) => {
            const running = await this.#admit(isRead, isAdmitted);
            try {
              return await Reflect.apply(Reflect.get(methods, name), methods, values);
            } catch (error) {
              running.isNotTogether ||= error instanceof NotTogether;
              throw error;
            }
          };
        },
      },
    );
  }

  async run(works: readonly Work[]): Promise<readonly (() => void)[]> {
    const answers: (() => void)[] = [];
    for (let from = 0; from < works.length; ) {
      const unforeseen = works.findIndex(({ foreseen }, index) => index >= from && foreseen === undefined);
      const some = works.slice(from, unforeseen === -1 ? works.length : Math.max(unforeseen, from + 1));
      answers.push(...(await (some.length === 1 ? this.#runEach(some) : this.#runTogether(some))));
      from += some.length;
    }
    return answers;
  }

  async #runEach(works: readonly Work[]): Promise<readonly (() => void)[]> {
    const answers: (() => void)[] = [];
    for (const work of works) answers.push(await attemptUnderSavepoint(this.#session, work, this.alone));
    return answers;
  }

  async #runTogether(works: readonly Work[]): Promise<readonly (() => void)[]> {
    const answers: (() => void)[] = [];
    for (let notTogether = 0; notTogether <= maxNotTogether && answers.length < works.length; notTogether += 1) {
      const rest = works.slice(answers.length);
      const run = await this.#runInMemory(rest);
      answers.push(...run, ...(await this.#runEach(rest.slice(run.length, run.length + 1))));
    }
    return [...answers, ...(await this.#runEach(works.slice(answers.length)))];
  }

  /** Resolves with the answers of those that ran; the one after them asks for what is not held in memory. */
  async #runInMemory(works: readonly Work[]): Promise<readonly (() => void)[]> {
    const answers: (() => void)[] = [];
    this.#rows.forget();
    // It spans all of them, because what a work writes by statements has to be undone with what it changed in memory.
    await this.#session.savepoint();
    try {
      await this.#rows.read(works.flatMap(({ foreseen }) => foreseen ?? []));
    } catch {
      // Whichever of them can't be read costs only the works that read it.
      await this.#session.undoSavepoint();
      return this.#runEach(works);
    }
    for (const work of works) {
      const answer = await this.#attempt(work);
      if (answer === null) break;
      answers.push(answer);
    }
    return (await this.#write()) ? answers : this.#runEach(works.slice(0, answers.length));
  }

  /** null: it has to be run by itself. */
  async #attempt(work: Work): Promise<(() => void) | null> {
    const running: Running = { isNotTogether: false, savepoint: null };
    this.#running = running;
    const attempted = await attempt(work, this.#together);
    this.#running = null;
    const made = { ...attempted, isDone: attempted.isDone && !running.isNotTogether };
    const { isDone, answer } = (await isSet(running)) ? await endSavepoint(this.#session, work, made) : made;
    if (isDone) this.#rows.changes.keep();
    else this.#rows.changes.undo();
    return running.isNotTogether ? null : answer;
  }

  /** Lets the work that runs go on; a work may not notice that it is refused, and then what it did does not count. */
  async #admit(isRead: boolean, isAdmitted: boolean): Promise<Running> {
    const running = this.#running;
    if (running === null) throw new Error("the transaction is over");
    if (!isAdmitted) running.isNotTogether = true;
    if (running.isNotTogether) throw new NotTogether("this work runs by itself");
    if (!isRead) {
      running.savepoint ??= this.#session.savepoint();
      await running.savepoint;
    }
    return running;
  }

  /** Writes what works have changed; false: it was refused and undone, and each has to run by itself. */
  async #write(): Promise<boolean> {
    try {
      await this.#rows.write();
      // PostgreSQL refuses that too, where a work has failed because of a statement.
      await this.#session.release();
      return true;
    } catch {
      await this.#session.undoSavepoint();
      return false;
    }
  }
}

/** Whether there is a savepoint: where a work before has failed by a statement PostgreSQL sets none. */
function isSet({ savepoint }: Running): Promise<boolean> {
  return savepoint === null
    ? Promise.resolve(false)
    : savepoint.then(
        () => true,
        () => false,
      );
}
