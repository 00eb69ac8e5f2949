import { InFlight } from "../../kit/in-flight.ts";
import { Owner } from "../postgres/owner.ts";
import { PostgresServers } from "../postgres/postgres-client.ts";
import { PostgresSession } from "../postgres/postgres-session.ts";
import { lastNumbersOn } from "../postgres/sequences.ts";
import { parseServer } from "../postgres/server.ts";
import { releaseDatabase, takeDatabase } from "../postgres/take-database.ts";
import type { Numbered } from "../sql/group/rows/sequences.ts";
import type { Table } from "./column.ts";
import { toCopyText } from "./copy-text.ts";
import { FileSource } from "./file-source.ts";
import { MoveRefused } from "./move-refused.ts";
import { addRow, askDigest, noRows, type RowsDigest } from "./rows-digest.ts";

export interface MoveOptions {
  /** The path of the file. */
  readonly from: string;
  /** The url of a database of PostgreSQL without rows. */
  readonly to: string;
  /** Called with the share of all rows that has been sent, from 0 to 1. */
  readonly onProgress: (share: number) => void;
}

/** What was moved. */
export interface Moved {
  readonly rows: number;
  /** How many incidents of these are open. */
  readonly open: number;
}

/** To send a table, and to look at what arrived of it, takes minutes in a large database. */
const timeouts = { connectMs: 3_000, answerMs: 3_600_000 };
/** Whatever the server is set to; `transaction_timeout` is there from version 17 on. */
const unlimit = `select set_config(name, '0', true) from pg_settings where name in
  ('statement_timeout', 'lock_timeout', 'idle_in_transaction_session_timeout', 'transaction_timeout')`;
/** Tables that number their rows. */
const numbered: readonly Numbered[] = ["incidents", "outbox"];
/** So many rows go at once. */
const some = 500;

/**
 * Copies all that stands in a file to a database of PostgreSQL, in one transaction, and compares what arrived with what
 * was sent. Whoever is killed half-way leaves nothing there. Nobody else has either of them meanwhile, and the file is
 * not changed. Rejects with MoveRefused, DatabaseInUse, DatabaseOwned, NewerDatabase, OldServer or PostgresFault, or
 * what the system or SQLite says. Where the answer to the commit was lost, all of it may be there.
 */
export async function moveDatabase({ from, to, onProgress }: MoveOptions): Promise<Moved> {
  const servers = new PostgresServers(parseServer(to), { timeouts, inFlight: new InFlight() });
  using source = new FileSource(from);
  const owner = new Owner();
  await takeDatabase(servers, owner);
  const session = new PostgresSession({
    open: () => servers.open(),
    begin: ["begin isolation level read committed", "set local synchronous_commit = on"],
    writing: { owner, inFlight: servers.inFlight },
  });
  try {
    await session.begin();
    const rows = await moveRows(source, session, onProgress);
    await session.commit();
    return { rows, open: source.countOpen() };
  } finally {
    // The server undoes what was not committed.
    await session[Symbol.asyncDispose]();
    await releaseDatabase(servers, owner);
  }
}

/** Resolves with how many rows were moved. */
async function moveRows(source: FileSource, session: PostgresSession, onProgress: MoveOptions["onProgress"]) {
  await session.prepare(unlimit)([]);
  await requireEmpty(source.tables, session);
  const total = source.count();
  let sent = 0;
  for (const table of source.tables) {
    const columns = table.columns.map(({ name }) => `"${name}"`).join(", ");
    let digest = noRows;
    function* toChunks(): Iterable<string> {
      let chunk = "";
      for (const row of source.rows(table)) {
        digest = addRow(digest, table.columns, row);
        chunk += toCopyText(row);
        if (digest.count % some !== 0) continue;
        yield chunk;
        chunk = "";
        onProgress((sent + digest.count) / total);
      }
      yield chunk;
    }
    await session.copy(`copy "${table.name}" (${columns}) from stdin`, toChunks());
    sent += digest.count;
    await requireSame(table, digest, session);
  }
  const last = numbered.map((name) => [name, source.lastNumber(name)] as const);
  await lastNumbersOn(session).keep(new Map(last));
  return sent;
}

async function requireEmpty(tables: readonly Table[], session: PostgresSession): Promise<void> {
  for (const { name } of tables) {
    const { rows } = await session.prepare(`select 1 from "${name}" limit 1`)([]);
    if (rows.length > 0) throw new MoveRefused("not-empty");
  }
}

async function requireSame({ name, columns }: Table, sent: RowsDigest, session: PostgresSession): Promise<void> {
  const { rows } = await session.prepare<{ count: number; sum: string }>(askDigest(name, columns))([]);
  const [arrived] = rows;
  if (arrived?.count !== sent.count || BigInt(arrived.sum) !== sent.sum) throw new MoveRefused("differs");
}
