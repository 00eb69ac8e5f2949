import { once } from "node:events";
import { createServer } from "node:http";
import type { TestProject } from "vitest/node";
import { InFlight } from "../../../bot/kit/in-flight.ts";
import { openLog } from "../../../bot/logging/open-log.ts";
import { PostgresClient } from "../../../bot/store/postgres/postgres-client.ts";
import { parseServer } from "../../../bot/store/postgres/server.ts";
import { openStore } from "../../../bot/store/store.ts";
import { PostgresServer, patient, type Version, versions } from "./server.ts";

declare module "vitest" {
  export interface ProvidedContext {
    /** Where a test asks for a database of PostgreSQL. */
    readonly postgres: string;
  }
}

/** With the tables as this version makes them; what a test gets is a copy. */
const template = "rugdekking_template";

/**
 * Keeps one server a version for all tests of a run. It is started for the first one that asks, because most runs of a
 * few tests need none. `POST /15` makes a database and answers with its url, `POST /15?empty` one without tables,
 * `DELETE /15/<database>` drops it.
 */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const started = new Map<Version, Promise<RunningServer>>();
  const door = createServer((request, response) => {
    answer(started, request.method ?? "", request.url ?? "").then(
      (text) => response.end(text),
      (error: unknown) => response.writeHead(500).end(String(error)),
    );
  }).listen(0, "127.0.0.1");
  await once(door, "listening");
  const address = door.address();
  if (typeof address !== "object" || address === null) throw new Error("no port is free");
  project.provide("postgres", `http://127.0.0.1:${address.port}`);
  return async () => {
    door.close();
    door.closeAllConnections();
    for (const each of started.values()) await (await each)[Symbol.asyncDispose]();
  };
}

async function answer(started: Map<Version, Promise<RunningServer>>, method: string, path: string): Promise<string> {
  const { pathname, searchParams } = new URL(path, "http://127.0.0.1");
  const [, name, database] = pathname.split("/");
  const version = versions.find((each) => each === name);
  if (version === undefined) throw new Error("no such version");
  const starting = started.get(version) ?? RunningServer.start(version);
  started.set(version, starting);
  const server = await starting;
  if (method === "POST") return server.make(searchParams.has("empty") ? "template0" : template);
  await server.drop(database ?? "");
  return "";
}

class RunningServer implements AsyncDisposable {
  readonly #server: PostgresServer;
  readonly #client: PostgresClient;
  #made = 0;

  private constructor(server: PostgresServer) {
    this.#server = server;
    const [host] = this.#parsed.hosts;
    if (host === undefined) throw new Error("there is no host");
    this.#client = new PostgresClient(this.#parsed, host, { patience: patient, inFlight: new InFlight() });
  }

  static async start(version: Version): Promise<RunningServer> {
    const server = new RunningServer(await PostgresServer.start(version));
    // Whoever runs the bot is no superuser.
    await server.#client.script("create role rugdekking login");
    await server.#client.script(`create database ${template} owner rugdekking`);
    const store = await openStore({ url: server.#urlOf(template), log: openLog("warn"), patience: patient });
    await store.probe();
    await store[Symbol.asyncDispose]();
    return server;
  }

  async make(from: string): Promise<string> {
    this.#made += 1;
    const name = `test_${this.#made}`;
    await this.#client.script(`create database ${name} template ${from} owner rugdekking`);
    return this.#urlOf(name);
  }

  async drop(name: string): Promise<void> {
    await this.#client.script(`drop database ${name} with (force)`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#client.close();
    await this.#server[Symbol.asyncDispose]();
  }

  get #parsed() {
    return parseServer(this.#urlOf("postgres"));
  }

  #urlOf(database: string): string {
    const user = database === "postgres" ? "postgres" : "rugdekking";
    return `postgres://${user}@127.0.0.1:${this.#server.port}/${database}`;
  }
}
