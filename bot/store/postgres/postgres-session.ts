import type { Session } from "../sql/group/group-commit.ts";
import type { Connection, Result } from "../sql/query.ts";
import { PostgresFault } from "./fault.ts";
import type { PostgresClient } from "./postgres-client.ts";

export interface SessionOptions {
  /** Connects, where there is no connection or it broke. */
  readonly open: () => Promise<PostgresClient>;
  /** The statements that begin a transaction. */
  readonly begin: string;
  /** Called with how many rows each of these changed; throws where the transaction may not be. */
  readonly onBegun?: (counts: readonly number[]) => void;
}

/**
 * A connection to PostgreSQL on which nothing runs outside a transaction. Where it broke the next transaction gets
 * another one; what was under way is over, and nothing of it runs on the new one.
 */
export class PostgresSession implements Connection, Session, AsyncDisposable {
  readonly #options: SessionOptions;
  #client: PostgresClient | null = null;
  #isInTransaction = false;

  constructor(options: SessionOptions) {
    this.#options = options;
  }

  prepare<Row>(text: string): (values: readonly unknown[]) => Promise<Result<Row>> {
    return (values) => this.#inTransaction().query<Row>(text, values);
  }

  async begin(): Promise<void> {
    const { open, begin, onBegun = () => {} } = this.#options;
    // A transaction that a failed rollback left open must not stand in the way of everything after it.
    if (this.#isInTransaction || this.#client?.isBroken) await this.#leave();
    this.#client ??= await open();
    this.#isInTransaction = true;
    const results = await this.#client.script(begin);
    onBegun(results.map(({ count }) => count));
  }

  /** Rejects also where it is not known whether the server did it: its answer was lost. */
  async commit(): Promise<void> {
    const client = this.#inTransaction();
    this.#isInTransaction = false;
    const [result] = await client.script("commit");
    // A transaction in which a statement failed is rolled back by that, without an error.
    if (result?.command !== "COMMIT") throw new PostgresFault("25P02", "a statement of the transaction failed", false);
  }

  /** A commit resolves once the server has it on disk. */
  async sync(): Promise<void> {}

  async rollback(): Promise<void> {
    if (!this.#isInTransaction) return;
    this.#isInTransaction = false;
    if (this.#client?.isBroken) return this.#leave();
    await this.#client?.script("rollback");
  }

  async savepoint(): Promise<void> {
    await this.#inTransaction().script("savepoint work");
  }

  async release(): Promise<void> {
    await this.#inTransaction().script("release work");
  }

  async undoSavepoint(): Promise<void> {
    await this.#inTransaction().script("rollback to work; release work");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#leave();
  }

  #inTransaction(): PostgresClient {
    if (!this.#isInTransaction || this.#client === null) throw new Error("the transaction is over");
    return this.#client;
  }

  async #leave(): Promise<void> {
    const client = this.#client;
    this.#client = null;
    this.#isInTransaction = false;
    await client?.close();
  }
}
