import type { Kysely } from "kysely";
import type { Transaction } from "../../../ports/store/store.ts";
import type { Connection } from "../connection.ts";
import type { Tables } from "../tables.ts";
import { besideReader, besideTx, transactionOn } from "../transaction.ts";
import { NotTogether } from "./rows/not-together.ts";
import { Rows } from "./rows/rows.ts";
import type { Sequences } from "./rows/sequences.ts";
import { attempt, type RunTogether, type Savepoints, type Unit, type WaitingWork } from "./work.ts";

type Work = WaitingWork<Transaction>;

interface Running {
  /** It asked for what is not held in memory. */
  isNotTogether: boolean;
  /** It has written what is not held in memory. */
  hasWritten: boolean;
}

/**
 * Runs the works of a group in a few statements for all of them. What they foresee, and is not known, is read at once;
 * then each is run on
 * that in memory, in order, and sees what those before it wrote; at the end each table is written once. A work that
 * fails undoes its own changes in memory. One that asks for what is not held in memory is run by its own statements
 * under a savepoint, and so are all, where what was read is no longer so when it is to be written.
 */
export class UnitOfWork implements Unit<Transaction> {
  readonly alone: Transaction;
  readonly #rows: Rows;
  readonly #together: Transaction;
  /** What is told of the work that is run in memory; null: none is. */
  #running: Running | null = null;

  constructor(db: Kysely<Tables>, connection: Connection & Savepoints, sequences: Sequences) {
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
            const running = this.#admit(isRead, isAdmitted);
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

  get isKnowing(): boolean {
    return this.#rows.isKnown;
  }

  forget(): void {
    this.#rows.forget();
  }

  async runTogether(works: readonly Work[], mayAssume: boolean): Promise<RunTogether> {
    const answers: (() => void)[] = [];
    const foreseen = works.flatMap((work) => work.foreseen ?? []);
    await this.#rows.read(foreseen, mayAssume);
    for (const work of works) {
      const answer = await this.#attempt(work);
      if (answer === null) break;
      answers.push(answer);
    }
    const { hasAssumed } = this.#rows;
    const written = this.#rows.write();
    this.#rows.noteWritten();
    return { answers, written, hasAssumed };
  }

  /** null: it has to be run by itself. Rejects where what it wrote can be undone only with all others. */
  async #attempt(work: Work): Promise<(() => void) | null> {
    const running: Running = { isNotTogether: false, hasWritten: false };
    this.#running = running;
    const { answer, failure } = await attempt(work, this.#together);
    this.#running = null;
    // A work may not notice that it was refused something, and then what it did does not count.
    if (failure === null && !running.isNotTogether) {
      this.#rows.changes.keep();
      return answer;
    }
    this.#rows.changes.undo();
    if (running.hasWritten) throw new Error("a work has failed that wrote by statements of its own");
    return running.isNotTogether ? null : answer;
  }

  /** Lets the work that runs go on. */
  #admit(isRead: boolean, isAdmitted: boolean): Running {
    const running = this.#running;
    if (running === null) throw new Error("the transaction is over");
    if (!isAdmitted) running.isNotTogether = true;
    if (running.isNotTogether) throw new NotTogether("this work runs by itself");
    if (!isRead) running.hasWritten = true;
    return running;
  }
}
