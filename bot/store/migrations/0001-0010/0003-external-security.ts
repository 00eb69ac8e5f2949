import { type Kysely, sql } from "kysely";

/** Adds tests of routes. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("route_tests")
    .addColumn("id", "text", (column) => column.primaryKey().notNull())
    .addColumn("next_at", "bigint")
    .addColumn("body", "text", (column) => column.notNull())
    .execute();
  await db.schema
    .createIndex("route_tests_next")
    .on("route_tests")
    .column("next_at")
    .where(sql.ref("next_at"), "is not", null)
    .execute();
}
