import { InFlight } from "../kit/in-flight.ts";
import type { Log } from "../log.ts";
import type { Store } from "../ports/store/store.ts";
import { toFileFault } from "../words/shared/file-fault.ts";
import { loadLastCopy } from "./copy/last-copy.ts";
import { copyInOneGo } from "./copy/make-copy.ts";
import { toStamp } from "./copy/put-in-place.ts";
import { newestMigration } from "./migrations/migrate.ts";
import { type Timeouts, usualTimeouts } from "./sql/connection.ts";
import { AsideStore } from "./sql/group/aside-store.ts";
import { SqlStore } from "./sql/group/sql-store.ts";
import { DatabaseLock } from "./sqlite/database-lock.ts";
import { isDiskFault } from "./sqlite/disk-fault.ts";
import { BrokenFile } from "./sqlite/remains/broken-file.ts";
import { SqliteDatabase } from "./sqlite/sqlite-database.ts";
import { openSqliteFile } from "./sqlite/sqlite-file.ts";

const scheme = "sqlite:";

export interface StoreOptions {
  readonly url: string;
  readonly log: Log;
  /** Called when the disk failed in a way that only a new start can judge; nothing more is taken from then on. */
  readonly onLost?: (() => void) | undefined;
  /** Called when a database that could not be used at the start can be used: a new start makes all of it whole. */
  readonly onWhole?: (() => void) | undefined;
  /** Longest wait for a lock that another process holds on the database; only tests set it. */
  readonly lockWaitMs?: number | undefined;
  /** How long the database is waited for; only tests set it. */
  readonly timeouts?: Timeouts | undefined;
  /** Counts what the database was asked and has not answered; left out: nobody asks. */
  readonly inFlight?: InFlight | undefined;
  /** Up to which size, in bytes, a start looks through all of a file; only tests set it. */
  readonly lookUpTo?: number | undefined;
  /** Whether a process of its own looks through all pages again and again; left out: nobody does. */
  readonly watchPages?: boolean | undefined;
}

/**
 * Opens the store at `url` (`sqlite:` and the path of a file, or `postgres://`), brings its tables up to date and ends
 * the leases of an earlier process. When the disk or the server does not let it, resolves with a store that takes no
 * writes and reads what it can. Rejects with a sentence that says what to do when the url is of another kind, another
 * process has the database, or there is no file and none can be made.
 */
export async function openStore(options: StoreOptions): Promise<Store> {
  const { url, log, lockWaitMs, timeouts, inFlight, onLost = () => {}, onWhole = () => {} } = options;
  if (!/^postgres(ql)?:/.test(url)) return openSqlite(options);
  // Its driver is loaded by who has such a database.
  const { openPostgres } = await import("./postgres/open-postgres.ts");
  return openPostgres({ url, log, ownerWaitMs: lockWaitMs, timeouts, inFlight, onLost, onWhole });
}

async function openSqlite(options: StoreOptions): Promise<Store> {
  const { url, log, lockWaitMs, lookUpTo, watchPages = false, onLost = () => {}, onWhole = () => {} } = options;
  const { inFlight = new InFlight(), timeouts = usualTimeouts } = options;
  const path = parsePath(url);
  const lock = new DatabaseLock();
  const lastCopyAt = () => loadLastCopy(path);
  const openWhole = async (onLook?: () => void) => {
    const looks = { lookUpTo, onLook };
    const file = await openSqliteFile({ path, lock, log, inFlight, lockWaitMs, ...looks, onBreaking: copyBefore(log) });
    const around = { lock, log, timeouts, watchPages, lastCopyAt: () => loadLastCopy(file.path) };
    return new SqlStore((lose) => new SqliteDatabase({ file, ...around }, lose), { log, onLost });
  };
  try {
    return await openWhole();
  } catch (cause) {
    if (isDiskFault(cause, path)) {
      const remains = new BrokenFile({ path, cause, lock, log, openWhole, lastCopyAt });
      return new AsideStore({ remains, log, onWhole });
    }
    lock[Symbol.dispose]();
    throw toSentence(path, cause);
  }
}

/**
 * Copies a database before it is changed in a way that the version before can't run beside. Where no copy can be made
 * it is changed all the same, because somebody may press now.
 */
function copyBefore(log: Log): (path: string) => void {
  return (path) => {
    try {
      const copy = `${path}.before-${newestMigration}-${toStamp(new Date())}`;
      copyInOneGo(path, copy);
      log.info({ copy }, "copy-made");
    } catch (err) {
      log.error({ err }, "copy-not-made");
    }
  };
}

/** What the system or SQLite refused, as a sentence; our own errors are sentences already. */
function toSentence(path: string, cause: unknown): unknown {
  if (!(cause instanceof Error && "code" in cause)) return cause;
  const fault = `database: ${path} can't be opened: ${toFileFault(cause, "en")}`;
  return new Error(`${fault}. It has to be a file in a folder that this user may write to.`, { cause });
}

/** Returns the path in the url, or throws. The url stays out of the message, because it may be one with a password. */
function parsePath(url: string): string {
  const path = url.startsWith(scheme) ? url.slice(scheme.length) : "";
  if (path === "" || path === ":memory:") {
    throw new Error("database: expected a file that survives a restart, such as sqlite:data/rugdekking.db");
  }
  return path;
}
