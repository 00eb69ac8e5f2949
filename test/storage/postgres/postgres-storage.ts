import type { Reader } from "../../../bot/ports/store/store.ts";
import type { PostgresClient } from "../../../bot/store/postgres/postgres-client.ts";
import { builderOn } from "../../../bot/store/postgres/prepare-tables.ts";
import { ReadPool } from "../../../bot/store/postgres/read-pool.ts";
import type { Tables } from "../../../bot/store/sql/tables.ts";
import type { Storage } from "../storage.ts";
import { connectTo, copyPostgres, dropPostgres, makePostgres, putBackPostgres } from "./new-postgres.ts";
import { PostgresProxy } from "./proxy.ts";
import { RunningServer } from "./running-server.ts";
import type { Version } from "./server.ts";

/** A database of PostgreSQL behind a proxy, by which a story cuts the bot off; the story itself goes past that. */
export class PostgresStorage implements Storage {
  readonly url: string;
  readonly proxy: PostgresProxy;
  readonly #direct: string;
  readonly #end: () => Promise<void>;
  readonly #reads: ReadPool;

  private constructor(direct: string, proxy: PostgresProxy, end: () => Promise<void>) {
    this.#direct = direct;
    this.#end = end;
    this.proxy = proxy;
    this.url = proxy.url;
    const open = async () => connectTo(direct);
    this.#reads = new ReadPool(builderOn<Tables>(null), { open, begin: ["begin read only"] });
  }

  static async start(version: Version): Promise<PostgresStorage> {
    const direct = await makePostgres(version);
    return new PostgresStorage(direct, await PostgresProxy.start(direct), () => dropPostgres(version, direct));
  }

  /** Copies it while the bot is stopped, and resolves with who puts that copy back. */
  async copy(version: Version): Promise<{ putBack(): Promise<void> }> {
    await this.#reads[Symbol.asyncDispose]();
    const copy = await copyPostgres(version, this.#direct);
    return {
      putBack: async () => {
        await this.#reads[Symbol.asyncDispose]();
        await putBackPostgres(version, this.#direct, copy);
        await dropPostgres(version, copy);
      },
    };
  }

  /** On a server of its own, which a story may crash. */
  static async startAlone(version: Version): Promise<{ storage: PostgresStorage; server: RunningServer }> {
    const server = await RunningServer.start(version);
    const direct = await server.make(false);
    const end = () => server[Symbol.asyncDispose]();
    return { storage: new PostgresStorage(direct, await PostgresProxy.start(direct), end), server };
  }

  /** A connection beside the bot's, as the user who owns its tables or as one who may do anything. */
  connect(user: "rugdekking" | "postgres"): PostgresClient {
    return connectTo(this.#direct.replace("//rugdekking@", `//${user}@`));
  }

  read<T>(work: (reader: Reader) => Promise<T>): Promise<T> {
    return this.#reads.read(work);
  }

  async run(statement: string): Promise<void> {
    const client = connectTo(this.#direct);
    await client.script(statement);
    await client.close();
  }

  hold(): Disposable {
    return this.proxy.refuse();
  }

  get isHanging(): boolean {
    return this.proxy.isHanging;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.proxy[Symbol.asyncDispose]();
    await this.#reads[Symbol.asyncDispose]();
    await this.#end();
  }
}
