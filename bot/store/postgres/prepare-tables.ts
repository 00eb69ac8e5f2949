import {
  type DatabaseConnection,
  type Driver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type QueryResult,
} from "kysely";
import { type DatabaseState, migratePostgres, newestMigration, requireKnown } from "../migrations/migrate.ts";
import type { PostgresClient } from "./postgres-client.ts";

/** Builds queries in PostgreSQL's dialect, and runs them on that client; null: it runs none. */
export function builderOn<Tables>(client: PostgresClient | null): Kysely<Tables> {
  return new Kysely<Tables>({
    dialect: {
      createAdapter: () => new PostgresAdapter(),
      createDriver: () => new OneClientDriver(client),
      createIntrospector: (db) => new PostgresIntrospector(db),
      createQueryCompiler: () => new PostgresQueryCompiler(),
    },
  });
}

/** Brings the tables up to date. Rejects with NewerDatabase where this version can't run on them. */
export async function prepareTables(client: PostgresClient): Promise<void> {
  const state = await loadState(client);
  requireKnown(state, "the dump that pg_dump made before that");
  if (state.done.includes(newestMigration)) return;
  const needs = await migratePostgres(builderOn<unknown>(client), state);
  await client.query("update owner set needs = $1", [needs]);
}

async function loadState(client: PostgresClient): Promise<DatabaseState> {
  const [{ rows: tables }, { rows: needs }] = [
    await client.query<{ name: string | null }>("select to_regclass('kysely_migration')::text as name", []),
    await client.query<{ needs: number }>("select needs from owner", []),
  ];
  const { rows: done } =
    tables[0]?.name == null
      ? { rows: [] }
      : await client.query<{ name: string }>(`select name from kysely_migration order by name collate "C"`, []);
  return { done: done.map(({ name }) => name), needs: needs[0]?.needs ?? 0 };
}

class OneClientDriver implements Driver {
  readonly #connection: DatabaseConnection;

  constructor(client: PostgresClient | null) {
    this.#connection = {
      async executeQuery<Row>({ sql, parameters }: { sql: string; parameters: readonly unknown[] }) {
        if (client === null) throw new Error("this only builds queries");
        const { rows, changed } = await client.query<Row>(sql, parameters);
        return { rows: [...rows], numAffectedRows: BigInt(changed) } satisfies QueryResult<Row>;
      },
      // biome-ignore lint/correctness/useYield: nothing of ours streams
      async *streamQuery() {
        throw new Error("nothing is streamed");
      },
    };
    const run = async (text: string) => void (await client?.script(text));
    this.beginTransaction = () => run("begin");
    this.commitTransaction = () => run("commit");
    this.rollbackTransaction = () => run("rollback");
  }

  readonly beginTransaction: () => Promise<void>;
  readonly commitTransaction: () => Promise<void>;
  readonly rollbackTransaction: () => Promise<void>;
  async init(): Promise<void> {}
  async acquireConnection(): Promise<DatabaseConnection> {
    return this.#connection;
  }
  async releaseConnection(): Promise<void> {}
  async destroy(): Promise<void> {}
}
