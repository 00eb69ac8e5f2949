import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "better-sqlite3";
import { Kysely, SqliteDialect } from "kysely";
import { migrate } from "../../bot/store/migrations/migrate.ts";
import { readState } from "../../bot/store/sqlite/database-version.ts";
import { openOldDatabase } from "../store/old-database.ts";
import { toOldBody } from "../store/old-incident.ts";
import { atMost, beside, type Figure, now, round } from "./figure.ts";

const part = "migrations";
const count = 1_000_000;
const openCount = 1_000;
/** So many migrations had the versions that left the database. */
const versions = [1, 3];

/** How long the tables take to be brought up to date with decades of alarms in them, without the copy before it. */
export async function measureMigrations(): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const version of versions) figures.push(...(await measureFrom(version)));
  return figures;
}

async function measureFrom(version: number): Promise<Figure[]> {
  await using stack = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), "bench-"));
  stack.defer(() => rm(folder, { recursive: true }));
  const path = join(folder, "rugdekking.db");
  await (await openOldDatabase(path, version)).destroy();
  fill(path);
  const database = new Database(
    path,
    process.env.V ? { verbose: (m) => console.log(now().toFixed(0), String(m).slice(0, 100)) } : {},
  );
  const db = new Kysely<unknown>({ dialect: new SqliteDialect({ database }) });
  stack.defer(() => db.destroy());
  const state = readState(database);
  const begunAt = now();
  database.exec("begin immediate");
  await migrate(db, state);
  database.exec("commit");
  const tookMs = now() - begunAt;
  const what = `${count} incidents (${round((await stat(path)).size / 2 ** 30)} GiB) of the version with ${version}`;
  const again = now();
  await migrate(db, readState(database));
  return [
    atMost(part, `${what}: brought up to date`, tookMs, 1_000, " ms"),
    beside(part, "the same once it is", `${round(now() - again)} ms`),
  ];
}

/** Each with a line of history, and a card in Teams; the newest are open. */
function fill(path: string): void {
  using stack = new DisposableStack();
  const database = stack.adopt(new Database(path), (each) => each.close());
  database.pragma("journal_mode = wal");
  database.pragma("synchronous = off");
  const run = (text: string, ...values: unknown[]) => database.prepare(text).run(...values);
  database.exec("begin");
  run(
    `with recursive each (n) as (select 1 union all select n + 1 from each where n < ${count})
     insert into incidents (id, shape, version, source, button, channel, fixed_place, opened_at, closed_at, next_at, body)
     select 'incident-' || n, 1, 1, 'buttons', n, 'frontdesk', null, n,
       iif(n > ${count - openCount}, null, n), iif(n > ${count - openCount}, n, null), ? from each`,
    toOldBody(1, 1),
  );
  run(
    "insert into history (incident, seq, at, body) select id, 1, opened_at, ? from incidents",
    JSON.stringify({ kind: "opened", source: "buttons", button: "1", lateMs: null, at: 1 }),
  );
  run(
    `insert into boards (incident, conversation, service_url, activity, shown, shown_at, replied_to)
     select id, '19:bench@thread.tacv2', 'https://smba.example', number, '', opened_at, 1 from incidents`,
  );
  database.exec("commit");
}
