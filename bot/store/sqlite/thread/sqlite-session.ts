import type { Connection, Result, Statement } from "../../sql/connection.ts";
import type { Session } from "../../sql/group/transactions.ts";
import type { LogState } from "../checkpoints.ts";
import { isDamage, isRefusal } from "../disk-fault.ts";
import { type Ask, type Fault, type PlainAsk, toError } from "./ask.ts";
import type { LogRow } from "./asked-connection.ts";
import type { SqliteThread } from "./sqlite-thread.ts";

/** The connection of a thread: on one that writes nothing runs outside a transaction. */
export class SqliteSession implements Connection, Session {
  readonly #thread: Pick<SqliteThread, "ask">;
  readonly #onDamage: (error: unknown) => void;

  /** `onDamage` is called with the error of each statement that met a damaged part of the file. */
  constructor(thread: Pick<SqliteThread, "ask">, onDamage: (error: unknown) => void = () => {}) {
    this.#thread = thread;
    this.#onDamage = onDamage;
  }

  prepare<Row>(text: string): Statement<Row> {
    return (values, mustBe) => {
      const count = mustBe === undefined ? {} : { mustBe };
      return this.#ask<Row>({ kind: "run", text, values, ...count });
    };
  }

  begin = async (isKnowing = false): Promise<void> => void (await this.#ask({ kind: "begin", isKnowing }));
  commit = () => this.#do("commit");
  /** Puts on disk what was committed. */
  sync = () => this.#do("sync");
  rollback = () => this.#do("rollback");
  savepoint = () => this.#do("savepoint");
  release = () => this.#do("release");
  undoSavepoint = () => this.#do("undo-savepoint");
  isRefusal = isRefusal;

  /** As `Checkpoints` has it. */
  checkpoint = async (fromPages: number): Promise<LogState | null> => {
    const [row] = (await this.#ask<Partial<LogRow> & { fault: Fault | null }>({ kind: "checkpoint", fromPages })).rows;
    if (row === undefined) return null;
    const { log, checkpointed, fault } = row;
    const waiting = log === undefined || checkpointed === undefined ? null : Math.max(0, log - checkpointed);
    return { waiting, failure: fault && toError(fault) };
  };

  async #do(kind: PlainAsk): Promise<void> {
    await this.#ask({ kind });
  }

  async #ask<Row>(ask: Ask): Promise<Result<Row>> {
    try {
      return (await this.#thread.ask(ask)) as Result<Row>;
    } catch (error) {
      if (isDamage(error)) this.#onDamage(error);
      throw error;
    }
  }
}
