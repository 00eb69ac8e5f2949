import { setTimeout as wait } from "node:timers/promises";
import type { InFlight } from "../../kit/in-flight.ts";
import type { Session } from "../sql/group/transactions.ts";
import { type Connection, FailedBefore, requireCount, type Statement } from "../sql/query.ts";
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
 * another one; what was under way is over, and nothing of it runs on the new one. What it is asked is done in that
 * order, one thing after the other.
 */
export class PostgresSession implements Connection, Session, AsyncDisposable {
  readonly #options: SessionOptions;
  #client: PostgresClient | null = null;
  #isInTransaction = false;
  /** Why nothing more is done in the transaction; the server knows only of statements that it refused itself. */
  #failure: Error | null = null;
  #last: Promise<unknown> = Promise.resolve();

  constructor(options: SessionOptions) {
    this.#options = options;
  }

  prepare<Row>(text: string): Statement<Row> {
    return (values, mustBe) =>
      this.#inTransaction(async (client) => {
        const result = await client.query<Row>(text, values);
        requireCount(mustBe, result);
        return result;
      });
  }

  /** As the client has it. */
  copy(text: string, chunks: Iterable<string>): Promise<void> {
    return this.#inTransaction((client) => client.copy(text, chunks));
  }

  begin(): Promise<void> {
    return this.#inOrder(async () => {
      if (this.#failure !== null) throw new FailedBefore();
      // A transaction that a failed rollback left open must not stand in the way of everything after it.
      if (this.#isInTransaction || this.#client?.isBroken) await this.#leave();
      this.#client ??= await this.#options.open();
      this.#isInTransaction = true;
      await this.#watched(this.#begin(this.#client));
    });
  }

  /** Rejects also where its answer was lost, and nobody says in time whether the server did it. */
  commit(): Promise<void> {
    return this.#inTransaction(async (client) => {
      try {
        const [result] = await client.script("commit");
        this.#isInTransaction = false;
        if (result?.command === "COMMIT") return;
      } catch (error) {
        this.#isInTransaction = false;
        if (client.isBroken && (await this.#isCommitted())) return;
        throw error;
      }
      // A transaction in which a statement failed is rolled back by that, without an error.
      throw new FailedBefore();
    });
  }

  /** A commit resolves once the server has it on disk. */
  async sync(): Promise<void> {}

  rollback(): Promise<void> {
    return this.#inOrder(async () => {
      this.#failure = null;
      if (!this.#isInTransaction) return;
      this.#isInTransaction = false;
      if (this.#client?.isBroken) return this.#leave();
      await this.#client?.script("rollback");
    });
  }

  async savepoint(): Promise<void> {
    await this.#inTransaction((client) => client.script("savepoint work"));
  }

  async release(): Promise<void> {
    await this.#inTransaction((client) => client.script("release work"));
  }

  async undoSavepoint(): Promise<void> {
    await this.#inOrder(() => {
      this.#failure = null;
      return this.#watched(this.#requireClient().script("rollback to work; release work"));
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#leave();
  }

  async #begin(client: PostgresClient): Promise<void> {
    const results = await client.script(this.#options.toBegin());
    this.#options.writing?.onBegun(results.map(({ count }) => count));
  }

  #inOrder<T>(run: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(run);
    this.#last = turn.catch(() => {});
    return turn;
  }

  /** Runs it in the transaction that is open, unless something failed in that. */
  #inTransaction<T>(run: (client: PostgresClient) => Promise<T>): Promise<T> {
    return this.#inOrder(() => {
      if (this.#failure !== null) throw new FailedBefore();
      return this.#watched(run(this.#requireClient()));
    });
  }

  #requireClient(): PostgresClient {
    if (!this.#isInTransaction || this.#client === null) throw new Error("the transaction is over");
    return this.#client;
  }

  /** Notes that it failed. */
  async #watched<T>(doing: Promise<T>): Promise<T> {
    try {
      return await doing;
    } catch (error) {
      this.#failure = error instanceof Error ? error : new Error(String(error));
      throw error;
    }
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
