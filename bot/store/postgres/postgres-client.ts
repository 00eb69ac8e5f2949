import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import postgres from "postgres";
import type { InFlight } from "../../kit/in-flight.ts";
import type { Result } from "../sql/query.ts";
import { PostgresFault, toFault } from "./fault.ts";
import { type Host, type Server, toTlsOptions } from "./server.ts";

/** How long a server is waited for, in milliseconds. */
export interface Patience {
  /** Until it has let us in. */
  readonly connectMs: number;
  /** Until it has answered a statement; it ends those that take longer by itself, and somewhat earlier. */
  readonly answerMs: number;
}

export interface ClientOptions {
  readonly patience: Patience;
  /** Counts what it was asked and has not answered. */
  readonly inFlight: InFlight;
}

const bigint = 20;

/**
 * One connection to one server, for as long as that holds. The driver would connect anew by itself, in the midst of a
 * transaction, to a server that hangs up at once thousands of times a second, and of what waits in its own queue some
 * would never be answered. So it gets one socket and one statement at a time, and a connection that broke is left.
 */
export class PostgresClient {
  readonly #sql: postgres.Sql<{ bigint: number }>;
  readonly #options: ClientOptions;
  #socket: Socket | null = null;
  #broken: PostgresFault | null = null;
  #last: Promise<unknown> = Promise.resolve();

  constructor(server: Server, host: Host, options: ClientOptions) {
    const { connectMs } = options.patience;
    this.#options = options;
    const { user, password, database, tls } = server;
    const ssl = toTlsOptions(tls, host);
    this.#sql = postgres({
      ...{ host: host.host, port: host.port, user, password, database, ssl: ssl === false ? false : { ...ssl } },
      max: 1,
      // A pooler may give each transaction another connection, which knows nothing that was prepared before.
      prepare: false,
      fetch_types: false,
      max_lifetime: null,
      connect_timeout: connectMs / 1_000,
      connection: { application_name: "rugdekking" },
      types: { bigint: { to: bigint, from: [bigint], serialize: String, parse: toSafeNumber } },
      onnotice: () => {},
      onclose: () => this.#break(new PostgresFault("CONNECTION_CLOSED", "the connection is closed", true)),
      socket: () => this.#connect(host, connectMs),
    } as postgres.Options<{ bigint: postgres.PostgresType<number> }>);
  }

  /** Whether it is of no use any more. */
  get isBroken(): boolean {
    return this.#broken !== null;
  }

  /** Runs a statement; `$1` and so on are its values. Rejects with PostgresFault. */
  query<Row>(text: string, values: readonly unknown[]): Promise<Result<Row>> {
    return this.#inTurn(async () => {
      const rows = await this.#sql.unsafe(text, values as postgres.ParameterOrJSON<never>[]);
      return { rows: [...rows] as Row[], changed: rows.count ?? 0 };
    });
  }

  /** Runs statements without values in one go; resolves with what each did and how many rows it changed. */
  script(text: string): Promise<readonly { readonly command: string; readonly count: number }[]> {
    return this.#inTurn(async () => {
      const results: unknown = await this.#sql.unsafe(text);
      // The driver answers one statement with its result, and several with a list of them.
      const all = isResult(results) ? [results] : (results as postgres.RowList<never>[]);
      return all.map(({ command, count }) => ({ command, count: count ?? 0 }));
    });
  }

  /** Runs a `copy … from stdin`, and sends what it reads; resolves once the server has taken all of it. */
  copy(text: string, chunks: Iterable<string>): Promise<void> {
    return this.#inTurn(async () => pipeline(Readable.from(chunks), await this.#sql.unsafe(text).writable()));
  }

  /** Says goodbye to the server, or hangs up where it does not answer. */
  async close(): Promise<void> {
    if (!this.isBroken) await this.#inTurn(() => this.#sql.end({ timeout: 1 })).catch(() => {});
    this.#break(new PostgresFault("CONNECTION_ENDED", "the connection was ended", true));
  }

  #inTurn<T>(run: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(() => this.#run(run));
    this.#last = turn.catch(() => {});
    return turn;
  }

  async #run<T>(run: () => Promise<T>): Promise<T> {
    if (this.#broken !== null) throw this.#broken;
    const { inFlight, patience } = this.#options;
    using _entry = inFlight.enter();
    const late = new PostgresFault("ETIMEDOUT", "it did not answer in time", true);
    const timer = setTimeout(() => this.#break(late), patience.answerMs);
    try {
      return await run();
    } catch (error) {
      const fault = this.#broken ?? toFault(error);
      if (fault.isBroken) this.#break(fault);
      throw fault;
    } finally {
      clearTimeout(timer);
    }
  }

  #break(fault: PostgresFault): void {
    this.#broken ??= fault;
    this.#socket?.destroy();
  }

  /** Called by the driver for its socket; it may have one. */
  async #connect({ host, port }: Host, withinMs: number): Promise<Socket> {
    if (this.#socket !== null) throw new PostgresFault("CONNECTION_CLOSED", "the server hung up", true);
    const socket = connect({ host, port, keepAlive: true, noDelay: true });
    this.#socket = socket;
    const timer = setTimeout(() => socket.destroy(new PostgresFault("ETIMEDOUT", "no way to it", true)), withinMs);
    try {
      await once(socket, "connect");
      return socket;
    } catch (error) {
      throw toFault(error);
    } finally {
      clearTimeout(timer);
    }
  }
}

function isResult(results: unknown): results is postgres.RowList<never> {
  return typeof results === "object" && results !== null && "command" in results && results.command !== undefined;
}

/** A number that JavaScript can't hold exactly would come back as another one. */
function toSafeNumber(text: string): number {
  const number = Number(text);
  if (!Number.isSafeInteger(number)) throw new PostgresFault("22003", "a number is too large to be read", false);
  return number;
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
