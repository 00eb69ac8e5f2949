import { Client } from "pg";
import type { InFlight } from "../../kit/in-flight.ts";
import type { Result, Timeouts } from "../sql/connection.ts";
import { type Asked, type Done, Exchange } from "./exchange.ts";
import { PostgresFault, toFault } from "./fault.ts";
import { type Host, type Server, toTlsOptions } from "./server.ts";
import { guardWire } from "./wire-guard.ts";

export interface ClientOptions {
  readonly timeouts: Timeouts;
  /** Counts what it was asked and has not answered. */
  readonly inFlight: InFlight;
}

/** What came of statements: what was done, in their order, and how the next one failed, behind which none was done. */
export interface Outcome {
  readonly done: readonly Done[];
  /** null: none failed. */
  readonly fault: PostgresFault | null;
}

/**
 * One connection to one server, for as long as that holds: it connects when it is first asked something, is asked one
 * thing after the other, and is left once it broke.
 */
export class PostgresClient {
  readonly #client: Client;
  readonly #options: ClientOptions;
  #connected: Promise<unknown> | null = null;
  #asked: Exchange | null = null;
  #broken: PostgresFault | null = null;
  #last: Promise<unknown> = Promise.resolve();

  constructor(server: Server, host: Host, options: ClientOptions) {
    this.#options = options;
    const { user, password, database, tls } = server;
    this.#client = new Client({
      ...{ host: host.host, port: host.port, user, database, ssl: toTlsOptions(tls, host) },
      ...{ keepAlive: true, keepAliveInitialDelayMillis: 60_000 },
      // Asked for only where the server wants one; the driver would look for another one in files.
      password() {
        if (password === "") throw new PostgresFault("28P01", "it asks for a password, and none is configured", true);
        return password;
      },
      application_name: "rugdekking",
    });
    guardWire(this.#client.connection, (fault) => this.#break(fault));
    this.#client.on("error", (error) => this.#break(toFault(error)));
    this.#client.on("end", () => this.#break(new PostgresFault("CONNECTION_CLOSED", "the connection is closed", true)));
  }

  /** Whether it is of no use any more. */
  get isBroken(): boolean {
    return this.#broken !== null;
  }

  /** Sends statements in one go; they have to stand in a transaction, or be one alone. Never rejects. */
  ask(statements: readonly Asked[]): Promise<Outcome> {
    return this.#inTurn(() => Exchange.ofStatements(statements));
  }

  /** Runs a statement; `$1` and so on are its values. Rejects with PostgresFault. */
  async query<Row>(text: string, values: readonly unknown[]): Promise<Result<Row>> {
    const [result] = requireDone(await this.ask([{ text, values }]));
    return result ?? { rows: [], changed: 0 };
  }

  /** Runs statements without values in one go; resolves with what each did. Rejects with PostgresFault. */
  async script(text: string): Promise<readonly Done[]> {
    return requireDone(await this.#inTurn(() => Exchange.ofScript(text)));
  }

  /** Runs a `copy … from stdin`, and sends what it reads; resolves once the server has taken all of it. */
  async copy(text: string, chunks: Iterable<string>): Promise<void> {
    requireDone(await this.#inTurn(() => Exchange.ofScript(text, chunks)));
  }

  /** Says goodbye to the server, or hangs up where it does not answer. */
  async close(): Promise<void> {
    await this.#last;
    const ended = new PostgresFault("CONNECTION_ENDED", "the connection was ended", true);
    if (!this.isBroken && this.#connected !== null) {
      const timer = setTimeout(() => this.#break(ended), goodbyeMs);
      await this.#client.end().catch(() => {});
      clearTimeout(timer);
    }
    this.#break(ended);
  }

  #inTurn(toExchange: () => Exchange): Promise<Outcome> {
    const turn = this.#last.then(() => this.#exchange(toExchange()));
    this.#last = turn;
    return turn;
  }

  async #exchange(exchange: Exchange): Promise<Outcome> {
    if (this.#broken !== null) return { done: [], fault: this.#broken };
    const { inFlight, timeouts } = this.#options;
    using _entry = inFlight.enter();
    const timer = this.#breakAfter(timeouts.answerMs, "it did not answer in time");
    this.#asked = exchange;
    this.#connected ??= this.#connect();
    this.#connected.then(() => this.#client.query(exchange)).catch((error) => exchange.handleError(error));
    const { done, error } = await exchange.answered;
    clearTimeout(timer);
    this.#asked = null;
    if (error === null) return { done, fault: null };
    const fault = this.#broken ?? toFault(error);
    if (fault.isBroken) this.#break(fault);
    return { done, fault };
  }

  async #connect(): Promise<void> {
    const timer = this.#breakAfter(this.#options.timeouts.connectMs, "no way to it");
    try {
      await this.#client.connect();
    } finally {
      clearTimeout(timer);
    }
  }

  #breakAfter(ms: number, said: string): NodeJS.Timeout {
    return setTimeout(() => this.#break(new PostgresFault("ETIMEDOUT", said, true)), ms);
  }

  #break(fault: PostgresFault): void {
    this.#broken ??= fault;
    this.#client.connection.stream.destroy();
    this.#asked?.handleError(this.#broken);
  }
}

/** How long a server has for our goodbye, in milliseconds. */
const goodbyeMs = 1_000;

function requireDone({ done, fault }: Outcome): readonly Done[] {
  if (fault !== null) throw fault;
  return done;
}

/** Finds, among the servers, one that takes writes; the one that did so last is asked first. */
export class PostgresServers {
  readonly #server: Server;
  readonly #options: ClientOptions;
  #first = 0;
  #fault: PostgresFault | null = null;

  constructor(server: Server, options: ClientOptions) {
    this.#server = server;
    this.#options = options;
  }

  /** Why nobody could connect when it was tried last; null: somebody could. */
  get fault(): PostgresFault | null {
    return this.#fault;
  }

  get inFlight(): InFlight {
    return this.#options.inFlight;
  }

  /** Connects; rejects with the PostgresFault of the last one that was asked. */
  async open(): Promise<PostgresClient> {
    const { hosts } = this.#server;
    let fault = new PostgresFault("25006", "no server takes writes", true);
    for (let tried = 0; tried < hosts.length; tried += 1) {
      const index = (this.#first + tried) % hosts.length;
      const host = hosts[index];
      if (host === undefined) break;
      const client = new PostgresClient(this.#server, host, this.#options);
      try {
        const { rows } = await client.query<{ isReadOnly: string }>(
          `select current_setting('transaction_read_only') as "isReadOnly"`,
          [],
        );
        if (rows[0]?.isReadOnly === "off") {
          this.#first = index;
          this.#fault = null;
          return client;
        }
      } catch (error) {
        fault = toFault(error);
      }
      await client.close();
    }
    this.#fault = fault;
    throw fault;
  }
}
