import type { Kysely } from "kysely";
import type { Reader } from "../../ports/store/store.ts";
import { type Connection, type Result, requireCount, type Statement } from "../sql/connection.ts";
import type { Tables } from "../sql/tables.ts";
import { readerOn } from "../sql/transaction.ts";
import type { Asked, Done } from "./exchange.ts";
import type { PostgresClient } from "./postgres-client.ts";

export interface ReadPoolOptions {
  readonly open: () => Promise<PostgresClient>;
  /** The statements that begin a transaction in which nothing is written. */
  readonly begin: readonly string[];
}

/** Beside the one that writes. A server has a hundred for all that use it. */
const maxConnections = 4;
/** So many statements go at once: who reads waits for those before them. */
const maxTogether = 16;

interface Waiting {
  readonly asked: Asked;
  /** It stood behind one that failed. */
  readonly isAlone: boolean;
  readonly resolve: (result: Done) => void;
  readonly reject: (error: unknown) => void;
}

/** A place for a connection. */
interface Lane {
  client: PostgresClient | null;
}

/**
 * Connections that only read. What is asked within one turn of the event loop, or while all of them are busy, goes to
 * one of them in one go, whoever asks, in a transaction that ends with that: each statement sees what is committed by
 * then, and one that fails fails alone. Those behind it go by themselves, before all that waits: it may have taken
 * long, and it may not be the only one.
 */
export class ReadPool implements AsyncDisposable, Connection {
  readonly #options: ReadPoolOptions;
  readonly #reader: Reader;
  readonly #all: readonly Lane[] = Array.from({ length: maxConnections }, () => ({ client: null }));
  readonly #free: Lane[] = [...this.#all];
  #waiting: Waiting[] = [];

  constructor(db: Kysely<Tables>, options: ReadPoolOptions) {
    this.#options = options;
    this.#reader = readerOn(db, this);
  }

  read<T>(work: (reader: Reader) => Promise<T>): Promise<T> {
    return work(this.#reader);
  }

  prepare<Row>(text: string): Statement<Row> {
    return async (values, mustBe) => {
      const result: Result<Row> = await this.#ask({ text, values });
      requireCount(mustBe, result);
      return result;
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#all.map(({ client }) => client?.close()));
  }

  #ask(asked: Asked): Promise<Done> {
    const { promise, resolve, reject } = Promise.withResolvers<Done>();
    // After all that runs now, and all that follows from it at once.
    if (this.#waiting.length === 0) process.nextTick(() => this.#start());
    this.#waiting.push({ asked, isAlone: false, resolve, reject });
    return promise;
  }

  #start(): void {
    for (let next = this.#waiting[0]; next !== undefined; next = this.#waiting[0]) {
      const lane = this.#free.pop();
      if (lane === undefined) return;
      void this.#run(lane, this.#waiting.splice(0, next.isAlone ? 1 : maxTogether));
    }
  }

  /** Never rejects. */
  async #run(lane: Lane, all: readonly Waiting[]): Promise<void> {
    this.#waiting.unshift(...(await this.#send(lane, all)));
    this.#free.push(lane);
    this.#start();
  }

  /** Resolves with those that have to be sent again, because one before them was refused. */
  async #send(lane: Lane, all: readonly Waiting[]): Promise<readonly Waiting[]> {
    const begin = this.#options.begin.map((text) => ({ text }));
    try {
      if (lane.client?.isBroken) lane.client = null;
      lane.client ??= await this.#options.open();
      const { done, fault } = await lane.client.ask([...begin, ...all.map(({ asked }) => asked), { text: "commit" }]);
      const results = done.slice(begin.length);
      for (const [index, { resolve }] of all.entries()) {
        const result = results[index];
        if (result !== undefined) resolve(result);
      }
      if (fault === null) return [];
      const [refused, ...rest] = all.slice(results.length);
      if (lane.client.isBroken) throw fault;
      refused?.reject(fault);
      await lane.client.script("rollback");
      return rest.map((each) => ({ ...each, isAlone: true }));
    } catch (error) {
      // Of what was answered nothing comes of this. All that went over a connection that hangs was waited for once;
      // whoever reads tries again as it sees fit, since another try here would double the wait for a server that hangs.
      for (const { reject } of all) reject(error);
      return [];
    }
  }
}
