import { type Kysely, sql } from "kysely";

/** Rows lie in the order of their key, in one tree and not two. SQLite only. */
const clustered = sql`without rowid`;

/** Adds which card shows somebody what becomes of their own press; nobody had one before. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("presser_cards")
    .addColumn("person", "text", (column) => column.notNull().primaryKey())
    .addColumn("conversation", "text", (column) => column.notNull())
    .addColumn("service_url", "text", (column) => column.notNull())
    .addColumn("activity", "text", (column) => column.notNull())
    .addColumn("incident", "text", (column) => column.notNull())
    .addColumn("shown", "text", (column) => column.notNull())
    .addColumn("shown_at", "bigint", (column) => column.notNull())
    .modifyEnd(clustered)
    .execute();
}
