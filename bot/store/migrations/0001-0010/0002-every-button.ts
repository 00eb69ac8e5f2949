import { type Kysely, sql } from "kysely";

/** Adds visits, and what was closed lately. How each press came is added to what is stored when that is read. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("visits")
    .addColumn("person", "text", (column) => column.primaryKey().notNull())
    .addColumn("name", "text", (column) => column.notNull())
    .addColumn("started_at", "bigint", (column) => column.notNull())
    .addColumn("ends_at", "bigint", (column) => column.notNull())
    .addColumn("asked", "integer", (column) => column.notNull())
    .addColumn("next_at", "bigint", (column) => column.notNull())
    .execute();
  await db.schema.createIndex("visits_next").on("visits").column("next_at").execute();
  await db.schema
    .createIndex("incidents_closed")
    .on("incidents")
    .columns(["source", "closed_at"])
    .where(sql.ref("closed_at"), "is not", null)
    .execute();
  // A battery level stood beside another message and could be older than that; buttons send it again soon enough.
  await sql`update buttons set battery = null`.execute(db);
}
