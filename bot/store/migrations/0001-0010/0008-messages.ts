import { type Kysely, sql } from "kysely";

/** Rows lie in the order of their key, in one tree and not two. SQLite only. */
const clustered = sql`without rowid`;

/**
 * Adds what was posted in Teams for an incident, and when its newest card was posted and whom that mentions. That card
 * is one of the messages, also where `boards` alone knows of it.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("messages")
    .addColumn("incident", "text", (column) => column.notNull())
    .addColumn("conversation", "text", (column) => column.notNull())
    .addColumn("activity", "text", (column) => column.notNull())
    .addColumn("service_url", "text", (column) => column.notNull())
    .addColumn("kind", "text", (column) => column.notNull())
    .addColumn("at", "bigint", (column) => column.notNull())
    .addPrimaryKeyConstraint("messages_key", ["incident", "conversation", "activity"])
    .modifyEnd(clustered)
    .execute();
  // Cards of before mention nobody, and it is not known when they were posted: the next round begins a new one.
  for (const column of ["posted_at", "ring", "tag_rung"]) {
    await db.schema
      .alterTable("boards")
      .addColumn(column, "bigint", (added) => added.notNull().defaultTo(0))
      .execute();
  }
}
