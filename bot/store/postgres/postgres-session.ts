import { setTimeout as wait } from "node:timers/promises";
import type { InFlight } from "../../kit/in-flight.ts";
import type { Session } from "../sql/group/group-commit.ts";
import type { Connection, Result } from "../sql/query.ts";
import { PostgresFault } from "./fault.ts";
import type { PostgresClient } from "./postgres-client.ts";

export interface SessionOptions {
  /** Connects, where there is no connection or it broke. */
  readonly open: () => Promise<PostgresClient>;
  /** The statements that begin a transaction. */
  readonly toBegin: () => string;
  /** Left out: it only reads. */
  readonly writing?: Writing;
}

/** What a session is told whose transactions write. */
export interface Writing {
  /** Called with how many rows each statement that begins a transaction changed; throws where it may not be. */
  readonly onBegun: (counts: readonly number[]) => void;
  /** Asks whether the last transaction was committed. */
  readonly isCommitted: (client: PostgresClient) => Promise<boolean>;
  /** Counts what is waited for. */
  readonly inFlight: InFlight;
}

/**
 * The waits, in milliseconds, between asking what became of a commit whose answer was lost: a server that starts again
 * is back within them, and whoever pressed is not kept waiting for longer than they wait anyway.
 */
const asksAfterMs = [0, 250, 500, 1_000, 2_000];

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

  /** As the client has it. */
  copy(text: string, chunks: Iterable<string>): Promise<void> {
    return this.#inTransaction().copy(text, chunks);
  }

  async begin(): Promise<void> {
    const { open, toBegin, writing } = this.#options;
    // A transaction that a failed rollback left open must not stand in the way of everything after it.
    if (this.#isInTransaction || this.#client?.isBroken) await this.#leave();
    this.#client ??= await open();
    this.#isInTransaction = true;
    const results = await this.#client.script(toBegin());
    writing?.onBegun(results.map(({ count }) => count));
  }

  /** Rejects also where its answer was lost, and nobody says in time whether the server did it. */
  async commit(): Promise<void> {
    const client = this.#inTransaction();
    this.#isInTransaction = false;
    try {
      const [result] = await client.script("commit");
      if (result?.command === "COMMIT") return;
    } catch (error) {
      if (client.isBroken && (await this.#isCommitted())) return;
      throw error;
    }
    // A transaction in which a statement failed is rolled back by that, without an error.
    throw new PostgresFault("25P02", "a statement of the transaction failed", false);
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

  /**
   * Asks over another connection what became of a commit whose answer was lost; false: it was not done, or that is not
   * known.
   */
  async #isCommitted(): Promise<boolean> {
    const { open, writing } = this.#options;
    if (writing === undefined) return false;
    using _entry = writing.inFlight.enter();
    for (const ms of asksAfterMs) {
      await wait(ms);
      try {
        await this.#leave();
        this.#client = await open();
        return await writing.isCommitted(this.#client);
      } catch {
        // It is away still; what is told is how the commit failed.
      }
    }
    return false;
  }

  async #leave(): Promise<void> {
    const client = this.#client;
    this.#client = null;
    this.#isInTransaction = false;
    await client?.close();
  }
}
