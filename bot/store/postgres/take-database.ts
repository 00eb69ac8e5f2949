import type { Owner } from "./owner.ts";
import type { PostgresClient, PostgresServers } from "./postgres-client.ts";
import { prepareTables } from "./prepare-tables.ts";

/** The oldest version with which it was tried, as the server counts. */
const oldestVersion = 150_000;

/** Which this version can't run on. */
export class OldServer extends Error {
  override readonly name = "OldServer";
}

/**
 * Takes a database of those servers for that owner, brings its tables up to date, and does `then` there; where that
 * fails nobody has it. `ownerWaitMs`: as `Owner.take` has it. Rejects with OldServer, DatabaseOwned, NewerDatabase or
 * PostgresFault.
 */
export async function takeDatabase(
  servers: PostgresServers,
  owner: Owner,
  ownerWaitMs?: number,
  then: (client: PostgresClient) => Promise<void> = async () => {},
): Promise<void> {
  const client = await servers.open();
  try {
    await requireVersion(client);
    await owner.take(client, ownerWaitMs);
    await prepareTables(client);
    await then(client);
  } catch (error) {
    // Where that fails too, the owner runs out by itself; what is told is why it was not taken. In a transaction that
    // has failed nothing is released.
    await client.script("rollback").catch(() => {});
    await owner.release(client).catch(() => {});
    throw error;
  } finally {
    await client.close();
  }
}

/** Lets another process have it at once; where that can't be said, it has to wait until the owner has run out. */
export async function releaseDatabase(servers: PostgresServers, owner: Owner): Promise<void> {
  let client: PostgresClient | null = null;
  try {
    client = await servers.open();
    await owner.release(client);
  } catch {
    // Nobody can do more as the process ends.
  } finally {
    await client?.close();
  }
}

async function requireVersion(client: PostgresClient): Promise<void> {
  const asked =
    "select current_setting('server_version_num')::bigint as version, current_setting('server_encoding') as encoding";
  const { rows } = await client.query<{ version: number; encoding: string }>(asked, []);
  const [{ version, encoding } = { version: 0, encoding: "" }] = rows;
  if (version < oldestVersion) throw new OldServer("database: PostgreSQL 15 or newer is needed");
  if (encoding !== "UTF8") throw new OldServer("database: it has to be made with the encoding UTF8");
}
