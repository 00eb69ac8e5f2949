import type { Kysely } from "kysely";
import type { Reader } from "../../ports/store/store.ts";
import type { Connection } from "../sql/query.ts";
import type { Tables } from "../sql/tables.ts";
import { readerOn } from "../sql/transaction.ts";
import { PostgresSession, type SessionOptions } from "./postgres-session.ts";

/** Beside the one that writes. A server has a hundred for all that use it. */
const maxConnections = 4;

interface Lane {
  readonly session: PostgresSession;
  readonly reader: Reader;
}

/** Connections that only read, each for one reading at a time; who comes when all are taken waits. */
export class ReadPool implements AsyncDisposable {
  readonly #open: () => Lane;
  readonly #all: Lane[] = [];
  readonly #free: Lane[] = [];
  readonly #waiting: ((lane: Lane) => void)[] = [];

  constructor(db: Kysely<Tables>, options: SessionOptions) {
    this.#open = () => {
      const session = new PostgresSession(options);
      return { session, reader: readerOn(db, session) };
    };
  }

  /** `on`: for what no reader reads. */
  async read<T>(work: (reader: Reader, on: Connection) => Promise<T>): Promise<T> {
    const lane = await this.#take();
    const { session, reader } = lane;
    try {
      await session.begin();
      const found = await work(reader, session);
      await session.commit();
      return found;
    } catch (error) {
      // Where that fails too, the next one that reads leaves the connection.
      await session.rollback().catch(() => {});
      throw error;
    } finally {
      this.#giveBack(lane);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#all.map(({ session }) => session[Symbol.asyncDispose]()));
  }

  async #take(): Promise<Lane> {
    const free = this.#free.pop();
    if (free !== undefined) return free;
    if (this.#all.length === maxConnections) return new Promise((resolve) => this.#waiting.push(resolve));
    const lane = this.#open();
    this.#all.push(lane);
    return lane;
  }

  #giveBack(lane: Lane): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#free.push(lane);
    else next(lane);
  }
}
