import { accessSync, constants, existsSync, statSync } from "node:fs";
import Database from "better-sqlite3";
import { Kysely, SqliteDialect } from "kysely";
import { DamagedIncident } from "../../../errors.ts";
import type { Log } from "../../../log.ts";
import type { Reader, StorageFault, Store } from "../../../ports/store/store.ts";
import type { Remains } from "../../sql/group/aside-store.ts";
import { readIncident, readWholeOnes } from "../../sql/incidents.ts";
import type { Tables } from "../../sql/tables.ts";
import { readerOn } from "../../sql/transaction.ts";
import type { DatabaseLock } from "../database-lock.ts";
import { isEmpty, requireFile, toRealPath } from "../database-path.ts";
import { DamagedFile, DoubtedFile, isDamage } from "../disk-fault.ts";
import { endDoubt } from "../doubt.ts";
import { PageWatch } from "../page-watch.ts";
import { SqliteConnection } from "../sqlite-connection.ts";
import { isCountedShort, readImage } from "./image.ts";
import { type Salvaged, salvageOpen } from "./salvage.ts";

export interface BrokenFileOptions {
  readonly path: string;
  /** Why the database could not be used at the start. */
  readonly cause: unknown;
  readonly lock: DatabaseLock;
  readonly log: Log;
  /** Opens the database as it should be; rejects while that can't be done. `onLook` is called before it reads all. */
  readonly openWhole: (onLook: () => void) => Promise<Store>;
  readonly lastCopyAt: Store["lastCopyAt"];
}

/** Reading all of a large file holds up the event loop for seconds; at one look in 5 s this is 5 minutes. */
const maxPause = 60;

/** A SQLite file that can't be used: what can be read of it, and when to look at it again. */
export class BrokenFile implements Remains {
  readonly facts: Remains["facts"];
  readonly lastCopyAt: Store["lastCopyAt"];
  readonly #options: BrokenFileOptions;
  cause: unknown;
  #reading: Reading | null;
  #isWhole = false;
  /** The file as it was when it was last found to be damaged; looking through all of it again would find the same. */
  #damaged: string | null = null;
  /** Looks through all of a file that is doubted; null: none is. */
  #pageWatch: PageWatch | null = null;
  /** Whether the last of these looks found nothing. */
  #isCleared = false;
  /** The file as it was at the last look; null for none. */
  #seen: string | null;
  /** How many looks were left out after all of the file was read last, and how many of those are still to come. */
  #pause = { all: 0, left: 0 };

  constructor(options: BrokenFileOptions) {
    const { path, cause, lock, lastCopyAt } = options;
    this.#options = options;
    this.cause = cause;
    this.lastCopyAt = lastCopyAt;
    this.#reading = openReading(path);
    const found = this.#reading?.salvaged ?? [];
    const damaged = found.filter(({ stored }) => stored === null).length;
    this.facts = { isRead: this.#reading !== null, open: found.length, damaged, isAlone: lock.path !== null };
    this.#seen = toState(path);
    this.#note(cause);
  }

  get reader(): Reader | null {
    return this.#reading?.reader ?? null;
  }

  get faults(): readonly StorageFault[] {
    return this.#options.lock.path === null ? ["storage-unlocked"] : [];
  }

  async tryToOpen(reads: () => Promise<unknown>): Promise<Store | null> {
    const { path, openWhole } = this.#options;
    const [before, now] = [this.#seen, toState(path)];
    this.#seen = now ?? before;
    // A copy that is being put back is not touched as long as it grows, and where a database was none is made instead.
    if (before !== now || (now !== null && now === this.#damaged) || !mayBeWritten(path)) return null;
    if (this.#pageWatch !== null && !this.#isCleared) return null;
    if (this.#pause.left > 0) {
      this.#pause.left -= 1;
      return null;
    }
    // On a disk that could only be read, SQLite shares the way of reading among all connections of a process, so that
    // none could write as long as this one is open.
    const reading = this.#reading;
    this.#reading = null;
    await reads();
    reading?.database.close();
    try {
      await this.#endDoubt();
      const whole = await openWhole(() => {
        const all = Math.min(2 * this.#pause.all + 1, maxPause);
        this.#pause = { all, left: all };
      });
      this.#isWhole = true;
      return whole;
    } catch (error) {
      this.cause = error;
      this.#note(error);
      this.#reading = openReading(path, reading?.salvaged);
      return null;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#pageWatch?.[Symbol.asyncDispose]();
    this.#reading?.database.close();
    // The store that is whole has it, and gives it back last.
    if (!this.#isWhole) this.#options.lock[Symbol.dispose]();
  }

  /** Notes why it could not be opened. What is doubted is looked through by a process of its own, beside all else. */
  #note(error: unknown): void {
    const { path, log } = this.#options;
    this.#damaged = error instanceof DamagedFile || isDamage(error) ? toState(path) : null;
    if (!(error instanceof DoubtedFile)) return;
    const clear = (isCleared: boolean) => () => {
      this.#isCleared = isCleared;
    };
    this.#pageWatch ??= new PageWatch({ path, log, onDamage: clear(false), onWhole: clear(true) });
  }

  async #endDoubt(): Promise<void> {
    if (this.#pageWatch === null) return;
    await this.#pageWatch[Symbol.asyncDispose]();
    this.#pageWatch = null;
    this.#isCleared = false;
    endDoubt(toRealPath(this.#options.path));
  }
}

/** A connection that only reads, and the open incidents that were found over it. */
interface Reading {
  readonly database: Database.Database;
  readonly reader: Reader;
  readonly salvaged: readonly Salvaged[];
}

/** Opens what can be read of the file; null when nothing can. `known`: what was salvaged before. */
function openReading(path: string, known?: readonly Salvaged[]): Reading | null {
  for (const toSource of [() => requireReadable(path), () => readImage(path)]) {
    using attempt = new DisposableStack();
    try {
      const database = attempt.adopt(new Database(toSource(), { readonly: true }), (each) => {
        each.close();
      });
      database.prepare("select count(*) from sqlite_schema").get();
      const db = new Kysely<Tables>({ dialect: new SqliteDialect({ database }) });
      const salvaged = known ?? salvageOpen(database);
      const reader = toReader(readerOn(db, new SqliteConnection(database)), salvaged);
      attempt.move();
      return { database, reader, salvaged };
    } catch {
      // The next way, or none.
    }
  }
  return null;
}

/** Throws unless SQLite itself may open the file: of an empty one it would delete the log. */
function requireReadable(path: string): string {
  requireFile(path);
  if (isEmpty(path) || isCountedShort(path)) throw new Error("its log would be deleted, or pages be passed over");
  return path;
}

/**
 * Reads as usual, but open incidents as they were salvaged: their own pages may be damaged. A policy that can't be read
 * is as one that is not there.
 */
function toReader(usual: Reader, salvaged: readonly Salvaged[]): Reader {
  const byId = new Map(salvaged.map((each) => [each.remains.id, each]));
  const stored = salvaged.flatMap((each) => each.stored ?? []).toSorted((a, b) => b.number - a.number);
  return {
    ...usual,
    async loadIncident(id) {
      const found = byId.get(id);
      if (found === undefined) return usual.loadIncident(id);
      if (found.stored !== null) return readIncident(found.stored);
      throw new DamagedIncident(found.remains, `incident ${found.remains.number} can't be read`);
    },
    loadPolicy: (hash) => usual.loadPolicy(hash).catch(() => null),
    async countOpen(channel) {
      return salvaged.filter(({ remains }) => channel === null || remains.channel === channel).length;
    },
    listOpen: async (limit) => readWholeOnes(stored.slice(0, limit)),
    async listDue(now, limit) {
      const due = salvaged.filter(({ nextAt }) => nextAt === null || nextAt <= now);
      return due.slice(0, limit).map(({ remains }) => remains.id);
    },
    nextDeadline: async () => null,
    // Nobody else sends these: the leases are those of a process that is gone.
    listReadyPages: (_now, limit) => usual.listReadyPages(Number.MAX_SAFE_INTEGER, limit),
  };
}

/** Whether the system lets us write there; a database that is not there yet is for `openWhole` to make. */
function mayBeWritten(path: string): boolean {
  try {
    if (existsSync(path)) accessSync(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/** Which file stands there, and when it was last written; null for none, or when that can't be asked. */
function toState(path: string): string | null {
  try {
    const { dev, ino, size, mtimeMs } = statSync(path);
    return [dev, ino, size, mtimeMs].join(" ");
  } catch {
    return null;
  }
}
