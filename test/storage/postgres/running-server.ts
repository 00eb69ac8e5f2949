import { InFlight } from "../../../bot/kit/in-flight.ts";
import { openLog } from "../../../bot/logging/open-log.ts";
import { PostgresClient } from "../../../bot/store/postgres/postgres-client.ts";
import { parseServer } from "../../../bot/store/postgres/server.ts";
import { openStore } from "../../../bot/store/store.ts";
import { PostgresServer, patient, type Settings, type Version } from "./server.ts";

/** With the tables as this version makes them; what a test gets is a copy. */
const template = "rugdekking_template";

/** A server, and who makes databases on it. */
export class RunningServer implements AsyncDisposable {
  readonly #server: PostgresServer;
  readonly #client: PostgresClient;
  #made = 0;

  private constructor(server: PostgresServer) {
    this.#server = server;
    this.#client = this.#connect("postgres");
  }

  static async start(version: Version, also: Settings = {}): Promise<RunningServer> {
    const server = new RunningServer(await PostgresServer.start(version, also));
    // Whoever runs the bot is no superuser.
    await server.#client.script("create role rugdekking login");
    await server.#client.script(`create database ${template} owner rugdekking`);
    const store = await openStore({ url: server.#urlOf(template), log: openLog("warn"), timeouts: patient });
    await store.probe();
    await store[Symbol.asyncDispose]();
    // What is made of it is no copy that was put back.
    const client = server.#connect(template);
    await client.script("delete from settings where subject = 'home'");
    await client.close();
    return server;
  }

  make(isEmpty: boolean): Promise<string> {
    return this.copy(isEmpty ? "template0" : template);
  }

  /** Makes a database with all that stands in another one, to which nobody may be connected. */
  async copy(of: string): Promise<string> {
    this.#made += 1;
    const name = `test_${this.#made}`;
    await this.#client.script(`create database ${name} template ${of} owner rugdekking`);
    return this.#urlOf(name);
  }

  /** Ends it as a crash does. */
  crash(): Promise<void> {
    return this.#server.stop("SIGQUIT");
  }

  startAgain(): Promise<void> {
    return this.#server.startAgain();
  }

  /** Drops a database, and makes it anew of another one. */
  async putBack(name: string, copy: string): Promise<void> {
    await this.drop(name);
    await this.#client.script(`create database ${name} template ${copy} owner rugdekking`);
  }

  async drop(name: string): Promise<void> {
    await this.#client.script(`drop database ${name} with (force)`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#client.close();
    await this.#server[Symbol.asyncDispose]();
  }

  #connect(database: string): PostgresClient {
    const parsed = parseServer(this.#urlOf(database));
    const [host] = parsed.hosts;
    if (host === undefined) throw new Error("there is no host");
    return new PostgresClient(parsed, host, { timeouts: patient, inFlight: new InFlight() });
  }

  #urlOf(database: string): string {
    const user = database === "postgres" ? "postgres" : "rugdekking";
    return `postgres://${user}@127.0.0.1:${this.#server.port}/${database}`;
  }
}
