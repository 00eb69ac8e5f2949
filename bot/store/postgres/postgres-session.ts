import { setTimeout as wait } from "node:timers/promises";
import type { InFlight } from "../../kit/in-flight.ts";
import { type Connection, FailedBefore, type Result, requireCount, type Statement } from "../sql/connection.ts";
import type { Session } from "../sql/group/transactions.ts";
import type { Asked, Done } from "./exchange.ts";
import { PostgresFault } from "./fault.ts";
import type { Owner } from "./owner.ts";
import type { PostgresClient } from "./postgres-client.ts";

export interface SessionOptions {
  /** Connects, where there is no connection or it broke. */
  readonly open: () => Promise<PostgresClient>;
  /** The statements that begin a transaction. */
  readonly begin: readonly string[];
  /** Left out: the database is nobody's. */
  readonly writing?: Writing;
}

/** What a session is told whose transactions write. */
export interface Writing {
  /** Each transaction writes that it has the database still. */
  readonly owner: Owner;
  /** Called where it has not. */
  readonly onTaken?: (error: unknown) => void;
  /** Counts what is waited for. */
  readonly inFlight: InFlight;
}

/** Statements that go with what else is asked, and what is made of their answers. */
interface Together {
  /** It goes once all before it was answered; left out: with that. */
  readonly goesFirst?: "begin" | "savepoint" | "undo";
  /** Called as it goes. */
  readonly toStatements: () => readonly Asked[];
  /** Throws where the answers are not what they must be; that counts as a failure of the server's. */
  readonly take: (results: readonly Done[]) => void;
  readonly reject: (error: unknown) => void;
}

/** What goes alone; it never rejects. */
type Alone = () => Promise<void>;

/**
 * The waits, in milliseconds, between asking what became of a commit whose answer was lost: a server that starts again
 * is back within them, and whoever pressed is not kept waiting for longer than they wait anyway.
 */
const asksAfterMs = [0, 250, 500, 1_000, 2_000];

/**
 * A connection to PostgreSQL on which nothing runs outside a transaction. Where it broke the next transaction gets
 * another one; what was under way is over, and nothing of it runs on the new one. What it is asked is done in that
 * order, and what is asked within one turn of the event loop, or while the server is busy, goes there in one go. A
 * commit goes once everything before it was answered as it must be. After a failure nothing more is done until that is
 * undone, no next transaction either: it may have been asked for by who did not know yet.
 */
export class PostgresSession implements Connection, Session, AsyncDisposable {
  readonly #options: SessionOptions;
  #client: PostgresClient | null = null;
  #isInTransaction = false;
  /** Why nothing more is done; the server knows only of statements that it refused itself. */
  #failure: unknown = null;
  readonly #asked: (Together | Alone)[] = [];
  #isRunning = false;

  constructor(options: SessionOptions) {
    this.#options = options;
  }

  prepare<Row>(text: string): Statement<Row> {
    return (values, mustBe) =>
      this.#together({
        toStatements: () => [{ text, values }],
        take([result]): Result<Row> {
          if (result === undefined) throw new Error("the server did not answer it");
          requireCount(mustBe, result);
          return result;
        },
      });
  }

  /** As the client has it. */
  copy(text: string, chunks: Iterable<string>): Promise<void> {
    return this.#alone(() => this.#requireClient().copy(text, chunks));
  }

  begin(isKnowing = false): Promise<void> {
    const { begin, writing } = this.#options;
    return this.#together({
      goesFirst: "begin",
      toStatements: () => [...begin.map((text) => ({ text })), ...(writing ? [writing.owner.renew()] : [])],
      take: (results) => {
        const renewed = results.at(-1);
        if (writing !== undefined && renewed !== undefined) this.#judge(writing, renewed, isKnowing);
      },
    });
  }

  /** Rejects also where its answer was lost, and nobody says in time whether the server did it. */
  commit(): Promise<void> {
    return this.#alone(async () => {
      const client = this.#requireClient();
      this.#isInTransaction = false;
      if (!(await this.#commit(client))) throw new FailedBefore();
      this.#options.writing?.owner.noteCommitted();
    });
  }

  /** A commit resolves once the server has it on disk. */
  async sync(): Promise<void> {}

  rollback(): Promise<void> {
    return this.#alone(async () => {
      if (!this.#isInTransaction) return;
      this.#isInTransaction = false;
      if (this.#client?.isBroken) return this.#leave();
      try {
        await this.#client?.script("rollback");
      } catch (error) {
        // What is left open there must not stand in the way of everything after it.
        await this.#leave();
        throw error;
      }
    }, "rollback");
  }

  savepoint(): Promise<void> {
    return this.#do("savepoint", "savepoint work");
  }

  release(): Promise<void> {
    return this.#do("savepoint", "release work");
  }

  undoSavepoint(): Promise<void> {
    return this.#do("undo", "rollback to work", "release work");
  }

  isRefusal(error: unknown): boolean {
    return error instanceof PostgresFault && error.isRefusal;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#leave();
  }

  #do(goesFirst: "savepoint" | "undo", ...texts: readonly string[]): Promise<void> {
    return this.#together({ goesFirst, toStatements: () => texts.map((text) => ({ text })), take: () => {} });
  }

  /** Has it sent with what else is asked. */
  #together<T>(together: Pick<Together, "goesFirst" | "toStatements"> & { take(results: readonly Done[]): T }) {
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    this.#ask({ ...together, reject, take: (results) => resolve(together.take(results)) });
    return promise;
  }

  /** Runs it once all before it is answered; a rollback also where that failed. */
  #alone(run: () => Promise<void>, kind?: "rollback"): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#ask(async () => {
      if (kind === "rollback") this.#failure = null;
      try {
        if (this.#failure !== null) throw new FailedBefore();
        resolve(await run());
      } catch (error) {
        if (kind !== "rollback") this.#failure ??= error;
        reject(error);
      }
    });
    return promise;
  }

  #ask(asked: Together | Alone): void {
    this.#asked.push(asked);
    if (this.#isRunning) return;
    this.#isRunning = true;
    // After all that runs now, and all that follows from it at once.
    process.nextTick(() => void this.#run());
  }

  async #run(): Promise<void> {
    for (let next = this.#asked.shift(); next !== undefined; next = this.#asked.shift()) {
      if (typeof next === "function") await next();
      else await this.#send([next, ...this.#takeBehind()]);
    }
    this.#isRunning = false;
  }

  /** What may go with what was asked before. */
  #takeBehind(): readonly Together[] {
    const behind: Together[] = [];
    for (let next = this.#asked[0]; next !== undefined; next = this.#asked[0]) {
      if (typeof next === "function" || next.goesFirst !== undefined) break;
      behind.push(next);
      this.#asked.shift();
    }
    return behind;
  }

  async #send(together: readonly Together[]): Promise<void> {
    const [first] = together;
    if (first?.goesFirst === "undo") this.#failure = null;
    const statements = this.#failure === null ? together.map(({ toStatements }) => toStatements()) : [];
    const { done, fault } = await this.#exchange(statements.flat(), first?.goesFirst === "begin");
    let from = 0;
    for (const [index, { take, reject }] of together.entries()) {
      const to = from + (statements[index]?.length ?? 0);
      try {
        if (this.#failure !== null) throw new FailedBefore();
        if (done.length < to) throw fault;
        take(done.slice(from, to));
      } catch (error) {
        this.#failure ??= error;
        reject(error);
      }
      from = to;
    }
  }

  async #exchange(statements: readonly Asked[], isBegin: boolean): Promise<{ done: readonly Done[]; fault: unknown }> {
    if (this.#failure !== null) return { done: [], fault: null };
    try {
      if (isBegin) await this.#openForNext();
      return await this.#requireClient().ask(statements);
    } catch (fault) {
      return { done: [], fault };
    }
  }

  async #openForNext(): Promise<void> {
    // A transaction that nobody ended must not stand in the way of everything after it.
    if (this.#isInTransaction || this.#client?.isBroken) await this.#leave();
    this.#client ??= await this.#options.open();
    this.#isInTransaction = true;
  }

  /** Where somebody else has written, nothing is done for who goes by what was read before. */
  #judge({ owner, onTaken }: Writing, renewed: Done, isKnowing: boolean): void {
    try {
      if (!owner.isUnbroken(renewed) && isKnowing) this.#failure = new FailedBefore();
    } catch (error) {
      onTaken?.(error);
      throw error;
    }
  }

  #requireClient(): PostgresClient {
    if (!this.#isInTransaction || this.#client === null) throw new Error("the transaction is over");
    return this.#client;
  }

  /** Whether the server has committed; rejects where that failed. */
  async #commit(client: PostgresClient): Promise<boolean> {
    try {
      const [result] = await client.script("commit");
      // A transaction in which a statement failed is rolled back by that, without an error.
      return result?.command === "COMMIT";
    } catch (error) {
      if (client.isBroken && (await this.#isCommitted())) return true;
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
        return await writing.owner.isLastThere(this.#client);
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
