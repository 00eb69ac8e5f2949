import { type Kysely, sql } from "kysely";

/** Rows lie in the order of their key, in one tree and not two. SQLite only. */
const clustered = sql`without rowid`;

/** Adds which cards of alarms stand in people's chats. Messages of before have none. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("chat_cards")
    .addColumn("person", "text", (column) => column.notNull())
    .addColumn("incident", "text", (column) => column.notNull())
    .addColumn("message", "text", (column) => column.notNull())
    .addColumn("conversation", "text", (column) => column.notNull())
    .addColumn("service_url", "text", (column) => column.notNull())
    .addColumn("activity", "text")
    .addColumn("at", "bigint", (column) => column.notNull())
    .addColumn("shown", "text", (column) => column.notNull())
    .addColumn("shown_at", "bigint", (column) => column.notNull())
    .addPrimaryKeyConstraint("chat_cards_key", ["person", "incident", "message"])
    .modifyEnd(clustered)
    .execute();
  await db.schema.createIndex("chat_cards_by_message").on("chat_cards").columns(["person", "message"]).execute();
}
