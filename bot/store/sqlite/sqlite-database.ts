import { basename } from "node:path";
import { machineTimer, TimeLimit } from "../../kit/with-timeout.ts";
import type { Log } from "../../log.ts";
import type { Reader, StorageFault, Store } from "../../ports/store/store.ts";
import { inTime, type Timeouts } from "../sql/connection.ts";
import type { Lose, SqlDatabase } from "../sql/group/sql-database.ts";
import { readerOn } from "../sql/transaction.ts";
import { Checkpoints } from "./checkpoints.ts";
import type { DatabaseLock } from "./database-lock.ts";
import { noteDoubt } from "./doubt.ts";
import { findGone } from "./file-identity.ts";
import { PageWatch } from "./page-watch.ts";
import { sequencesOn } from "./sequences.ts";
import type { SqliteFile } from "./sqlite-file.ts";
import { SqliteSession } from "./thread/sqlite-session.ts";

export interface SqliteDatabaseOptions {
  readonly file: SqliteFile;
  readonly lock: DatabaseLock;
  readonly log: Log;
  readonly timeouts: Pick<Timeouts, "answerMs">;
  /** Whether a process of its own looks through all pages again and again. */
  readonly watchPages: boolean;
  readonly lastCopyAt: Store["lastCopyAt"];
}

/** A SQLite file, its checkpoints, and whoever looks whether it is there and whole. */
export class SqliteDatabase implements SqlDatabase {
  readonly isFar = false;
  readonly db: SqlDatabase["db"];
  readonly writer: SqliteSession;
  readonly sequences: SqlDatabase["sequences"];
  readonly #options: SqliteDatabaseOptions;
  readonly #lose: Lose;
  readonly #reader: Reader;
  readonly #checkpoints: Checkpoints;
  readonly #pageWatch: PageWatch | null;
  #noting: Promise<void> = Promise.resolve();

  constructor(options: SqliteDatabaseOptions, lose: Lose) {
    const { file, log, timeouts, watchPages } = options;
    const onDamage = (error: unknown) => {
      lose("storage-damaged", error);
      this.#noting = this.#noteDoubt();
    };
    this.#options = options;
    this.#lose = lose;
    this.db = file.db;
    this.writer = new SqliteSession(file.writer, onDamage);
    this.sequences = sequencesOn(this.writer);
    this.#checkpoints = new Checkpoints(log, this.writer.checkpoint);
    const limit = new TimeLimit(machineTimer, () => timeouts.answerMs);
    this.#reader = readerOn(file.db, inTime(new SqliteSession(file.reader, onDamage), limit));
    for (const thread of [file.writer, file.reader]) thread.onGone((cause) => lose("storage-lost-thread", cause));
    this.#pageWatch = watchPages ? new PageWatch({ path: file.path, log, onDamage }) : null;
  }

  get faults(): readonly StorageFault[] {
    return this.#checkpoints.isBehind ? ["storage-behind"] : [];
  }

  get hindrance(): string | null {
    return this.#checkpoints.isTooFarBehind ? "the write-ahead log is too long" : null;
  }

  read<T>(work: (reader: Reader) => Promise<T>): Promise<T> {
    return work(this.#reader);
  }

  noteGroup(): void {
    void this.#checkpoints.runWhenDue();
  }

  /** Looks whether its files are there still. */
  async look(): Promise<void> {
    const { data, guards } = this.#options.file;
    const goneData = await findGone(data);
    const gone = [...goneData, ...(await findGone(guards))];
    if (gone.length === 0) return;
    const cause = new Error(`removed or replaced: ${gone.map((path) => basename(path))}`);
    this.#lose("storage-gone", cause, goneData.length > 0 ? "storage-gone" : "storage-lost");
  }

  tend(): Promise<void> {
    return this.#checkpoints.tryAgain();
  }

  async readClock(): Promise<null> {
    return null;
  }

  lastCopyAt(): Promise<number | null> {
    return this.#options.lastCopyAt();
  }

  /** So that the next start does not go by what little it looks at. Never rejects. */
  async #noteDoubt(): Promise<void> {
    const { file, log } = this.#options;
    try {
      await noteDoubt(file.path);
    } catch (err) {
      log.error({ err }, "damage-not-noted");
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // SQLite tidies up with its last connection, so that ours has to be the last one.
    await Promise.all([this.#pageWatch?.[Symbol.asyncDispose](), this.#noting]);
    await this.#options.file[Symbol.asyncDispose]();
    this.#options.lock[Symbol.dispose]();
  }
}
