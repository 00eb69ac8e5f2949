import type { Reader } from "../../../bot/ports/store/store.ts";
import { builderOn } from "../../../bot/store/postgres/prepare-tables.ts";
import { ReadPool } from "../../../bot/store/postgres/read-pool.ts";
import type { Tables } from "../../../bot/store/sql/tables.ts";
import type { Storage } from "../storage.ts";
import { connectTo, dropPostgres, makePostgres } from "./new-postgres.ts";
import { PostgresProxy } from "./proxy.ts";
import type { Version } from "./server.ts";

/** A database of PostgreSQL behind a proxy, by which a story cuts the bot off; the story itself goes past that. */
export class PostgresStorage implements Storage {
  readonly url: string;
  readonly proxy: PostgresProxy;
  readonly #version: Version;
  readonly #direct: string;
  readonly #reads: ReadPool;

  private constructor(version: Version, direct: string, proxy: PostgresProxy) {
    this.#version = version;
    this.#direct = direct;
    this.proxy = proxy;
    this.url = proxy.url;
    const open = async () => connectTo(direct);
    this.#reads = new ReadPool(builderOn<Tables>(null), { open, toBegin: () => "begin read only" });
  }

  static async start(version: Version): Promise<PostgresStorage> {
    const direct = await makePostgres(version);
    return new PostgresStorage(version, direct, await PostgresProxy.start(direct));
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

  async [Symbol.asyncDispose](): Promise<void> {
    await this.proxy[Symbol.asyncDispose]();
    await this.#reads[Symbol.asyncDispose]();
    await dropPostgres(this.#version, this.#direct);
  }
}
