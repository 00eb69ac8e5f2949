import { type Kysely, sql } from "kysely";

/** Rows lie in the order of their key, in one tree and not two. SQLite only. */
const clustered = sql`without rowid`;

/** Adds which messages show somebody what becomes of their alarms and their visit; those of before are not followed. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("follow_ups")
    .addColumn("person", "text", (column) => column.notNull())
    .addColumn("activity", "text", (column) => column.notNull())
    .addColumn("conversation", "text", (column) => column.notNull())
    .addColumn("service_url", "text", (column) => column.notNull())
    .addColumn("shows", "text", (column) => column.notNull())
    .addColumn("incident", "text", (column) => column.notNull())
    .addColumn("since", "bigint", (column) => column.notNull())
    .addColumn("shown", "text", (column) => column.notNull())
    .addColumn("shown_at", "bigint", (column) => column.notNull())
    .addPrimaryKeyConstraint("follow_ups_key", ["person", "activity"])
    .modifyEnd(clustered)
    .execute();
}
