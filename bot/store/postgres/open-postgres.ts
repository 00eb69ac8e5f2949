import { InFlight } from "../../kit/in-flight.ts";
import type { Log } from "../../log.ts";
import type { StorageFault, Store } from "../../ports/store/store.ts";
import { NewerDatabase } from "../migrations/migrate.ts";
import { type Timeouts, usualTimeouts } from "../sql/connection.ts";
import { AsideStore, type Remains } from "../sql/group/aside-store.ts";
import { SqlStore } from "../sql/group/sql-store.ts";
import { PostgresFault } from "./fault.ts";
import { settle } from "./home.ts";
import { DatabaseOwned, Owner } from "./owner.ts";
import { PostgresServers } from "./postgres-client.ts";
import { PostgresDatabase } from "./postgres-database.ts";
import { parseServer } from "./server.ts";
import { OldServer, takeDatabase } from "./take-database.ts";

export interface PostgresOptions {
  readonly url: string;
  readonly log: Log;
  readonly onLost: () => void;
  readonly onWhole: () => void;
  /** Longest wait for another process that was killed; left out: as long as it takes to be sure. */
  readonly ownerWaitMs?: number | undefined;
  /** Only tests set it. */
  readonly timeouts?: Timeouts | undefined;
  /** Counts what is under way; left out: nobody asks. */
  readonly inFlight?: InFlight | undefined;
}

/** What of it somebody has to put right who is not told by its being away. */
function listFaults(cause: unknown): readonly StorageFault[] {
  if (cause instanceof DatabaseOwned) return ["storage-unlocked"];
  if (cause instanceof NewerDatabase) return ["storage-newer"];
  return cause instanceof PostgresFault && cause.isShut ? ["storage-shut"] : [];
}

/**
 * Opens the store in that database, brings its tables up to date and ends the leases of an earlier process. Where it
 * can't be reached or used, resolves with a store that takes no writes and reads nothing until it can. Rejects with a
 * sentence where the url is wrong, another process has the database, or a newer version has changed it.
 */
export async function openPostgres(options: PostgresOptions): Promise<Store> {
  const { url, log, onWhole, timeouts = usualTimeouts, inFlight = new InFlight() } = options;
  const servers = new PostgresServers(parseServer(url), { timeouts, inFlight });
  const openWhole = async (): Promise<Store> => {
    const owner = new Owner();
    await setUp(servers, owner, options.ownerWaitMs);
    return new SqlStore((lose) => new PostgresDatabase({ servers, owner, timeouts }, lose), options);
  };
  try {
    return await openWhole();
  } catch (cause) {
    // A password that was changed, too, must not keep the bot from listening.
    if (isSentence(cause)) throw cause;
    return new AsideStore({ log, onWhole, remains: new Unreached(cause, openWhole) });
  }
}

function isSentence(error: unknown): boolean {
  return [DatabaseOwned, NewerDatabase, OldServer].some((each) => error instanceof each);
}

/** Takes the database, has it note where it stands, and ends the leases of an earlier process. */
function setUp(servers: PostgresServers, owner: Owner, ownerWaitMs: number | undefined): Promise<void> {
  return takeDatabase(servers, owner, ownerWaitMs, async (client) => {
    const free = { text: "update outbox set leased_until = 0, ready_at = due_at where leased_until > 0" };
    const settling = await settle(client);
    const { done, fault } = await client.ask([{ text: "begin" }, owner.renew(), free, ...settling]);
    const [, renewed] = done;
    if (fault !== null || renewed === undefined) throw fault;
    // Nothing is known yet; but it may be another one's by now.
    owner.isUnbroken(renewed);
    await client.script("commit");
    owner.noteCommitted();
  });
}

/** A database that can't be reached: nothing can be read of it. */
class Unreached implements Remains {
  readonly reader = null;
  cause: unknown;
  readonly facts = { isRead: false, open: 0, damaged: 0, isAlone: false };
  readonly #openWhole: () => Promise<Store>;

  constructor(cause: unknown, openWhole: () => Promise<Store>) {
    this.cause = cause;
    this.#openWhole = openWhole;
  }

  get faults(): readonly StorageFault[] {
    return listFaults(this.cause);
  }

  async tryToOpen(): Promise<Store | null> {
    try {
      return await this.#openWhole();
    } catch (error) {
      this.cause = error;
      return null;
    }
  }

  async lastCopyAt(): Promise<null> {
    return null;
  }

  async [Symbol.asyncDispose](): Promise<void> {}
}
