import type { Reader, StorageFault } from "../../ports/store/store.ts";
import type { Statement, Timeouts } from "../sql/connection.ts";
import type { Lose, SqlDatabase } from "../sql/group/sql-database.ts";
import type { Tables } from "../sql/tables.ts";
import type { Owner } from "./owner.ts";
import type { PostgresServers } from "./postgres-client.ts";
import { PostgresSession } from "./postgres-session.ts";
import { builderOn } from "./prepare-tables.ts";
import { ReadPool } from "./read-pool.ts";
import { sequencesOn } from "./sequences.ts";
import { releaseDatabase } from "./take-database.ts";

export interface PostgresDatabaseOptions {
  readonly servers: PostgresServers;
  readonly owner: Owner;
  readonly timeouts: Timeouts;
}

/** Statements may take somewhat less than whoever waits for them, so that the server ends them and says so. */
const share = 0.8;

/** Whatever the database is set to: a stricter one may refuse what was read meanwhile, and nobody else writes. */
const begin = "begin isolation level read committed";

/** A database of PostgreSQL that this process owns: one connection that writes, and some that read. */
export class PostgresDatabase implements SqlDatabase {
  readonly isFar = true;
  readonly hindrance = null;
  readonly db = builderOn<Tables>(null);
  readonly writer: PostgresSession;
  readonly sequences: SqlDatabase["sequences"];
  readonly #options: PostgresDatabaseOptions;
  readonly #reads: ReadPool;
  readonly #clock: Statement<{ at: number }>;

  constructor(options: PostgresDatabaseOptions, lose: Lose) {
    const { servers, owner, timeouts } = options;
    const open = () => servers.open();
    const limits = toLimits(timeouts);
    this.#options = options;
    this.writer = new PostgresSession({
      open,
      // Whoever set the server to answer before it has anything on disk did not mean alarms.
      begin: [begin, toSettings({ ...limits, synchronous_commit: "on" })],
      writing: { owner, inFlight: servers.inFlight, onTaken: (error) => lose("storage-taken", error) },
    });
    this.sequences = sequencesOn(this.writer);
    this.#reads = new ReadPool(this.db, { open, begin: [`${begin} read only`, toSettings(limits)] });
    this.#clock = this.#reads.prepare(
      "select cast(floor(extract(epoch from clock_timestamp()) * 1000) as bigint) as at",
    );
  }

  /** A copy is made of it by other means, of which it knows nothing. */
  get faults(): readonly StorageFault[] {
    return this.#options.servers.fault?.isShut ? ["storage-shut"] : [];
  }

  read<T>(work: (reader: Reader) => Promise<T>): Promise<T> {
    return this.#reads.read(work);
  }

  noteGroup(): void {}
  async look(): Promise<void> {}
  async tend(): Promise<void> {}

  async readClock(): Promise<number> {
    // Not the moment at which the transaction began, which is that of its first statement.
    const { rows } = await this.#clock([]);
    const [row] = rows;
    if (row === undefined) throw new Error("the server did not say what time it is");
    return row.at;
  }

  async lastCopyAt(): Promise<null> {
    return null;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([this.writer[Symbol.asyncDispose](), this.#reads[Symbol.asyncDispose]()]);
    await releaseDatabase(this.#options.servers, this.#options.owner);
  }
}

function toLimits({ answerMs }: Timeouts) {
  const ms = Math.round(answerMs * share);
  return {
    statement_timeout: `${ms}`,
    lock_timeout: `${ms}`,
    // Where the way to us is cut without a word, what is under way holds up everything after it for so long.
    idle_in_transaction_session_timeout: `${Math.round(answerMs / 2)}`,
  };
}

/** The statement by which they hold for a transaction. */
function toSettings(settings: Readonly<Record<string, string>>): string {
  const all = Object.entries(settings).map(([name, value]) => `set_config('${name}', '${value}', true)`);
  return `select ${all.join(", ")}`;
}
