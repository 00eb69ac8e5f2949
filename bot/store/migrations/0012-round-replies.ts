import { type Kysely, sql } from "kysely";

/** Rows lie in the order of their key, in one tree and not two. SQLite only. */
const clustered = sql`without rowid`;

/** Adds the reply that tells what happens in a round. Replies of before hold one line each and are left as they are. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("round_replies")
    .addColumn("incident", "text", (column) => column.primaryKey().notNull())
    .addColumn("card", "text", (column) => column.notNull())
    .addColumn("activity", "text", (column) => column.notNull())
    .addColumn("from_seq", "bigint", (column) => column.notNull())
    .addColumn("asked_to", "bigint", (column) => column.notNull())
    .modifyEnd(clustered)
    .execute();
}
