import { type Kysely, sql } from "kysely";

/**
 * Rows lie in the order of their key, in one tree and not two, because each tree costs a page to write at every press.
 * SQLite only.
 */
const clustered = sql`without rowid`;

/** The first tables. What a released migration makes is never changed; the next one follows it. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("incidents")
    .addColumn("number", "integer", (column) => column.primaryKey().autoIncrement())
    .addColumn("id", "text", (column) => column.notNull().unique())
    .addColumn("shape", "integer", (column) => column.notNull())
    .addColumn("version", "integer", (column) => column.notNull())
    .addColumn("source", "text", (column) => column.notNull())
    .addColumn("button", "text", (column) => column.notNull())
    .addColumn("channel", "text", (column) => column.notNull())
    .addColumn("fixed_place", "text")
    .addColumn("opened_at", "bigint", (column) => column.notNull())
    .addColumn("closed_at", "bigint")
    .addColumn("next_at", "bigint")
    .addColumn("body", "text", (column) => column.notNull())
    .execute();
  // Rule 3: one open incident per button, and per configured fixed place in a channel.
  await db.schema
    .createIndex("incidents_open_button")
    .unique()
    .on("incidents")
    .columns(["source", "button"])
    .where(sql.ref("closed_at"), "is", null)
    .execute();
  await db.schema
    .createIndex("incidents_open_place")
    .unique()
    .on("incidents")
    .columns(["channel", "fixed_place"])
    .where(sql.ref("closed_at"), "is", null)
    .where(sql.ref("fixed_place"), "is not", null)
    .execute();
  await db.schema
    .createIndex("incidents_next")
    .on("incidents")
    .column("next_at")
    .where(sql.ref("closed_at"), "is", null)
    .execute();
  await db.schema
    .createTable("history")
    .addColumn("incident", "text", (column) => column.notNull().references("incidents.id"))
    .addColumn("seq", "integer", (column) => column.notNull())
    .addColumn("at", "bigint", (column) => column.notNull())
    .addColumn("body", "text", (column) => column.notNull())
    .addPrimaryKeyConstraint("history_key", ["incident", "seq"])
    .modifyEnd(clustered)
    .execute();

  await db.schema
    .createTable("policies")
    .addColumn("hash", "text", (column) => column.primaryKey().notNull())
    .addColumn("body", "text", (column) => column.notNull())
    .execute();

  await db.schema
    .createTable("alarms")
    .addColumn("source", "text", (column) => column.notNull())
    .addColumn("key", "text", (column) => column.notNull())
    .addColumn("incident", "text")
    .addColumn("outcome", "text", (column) => column.notNull())
    .addColumn("received_at", "bigint", (column) => column.notNull())
    .addPrimaryKeyConstraint("alarms_key", ["source", "key"])
    .modifyEnd(clustered)
    .execute();
  await db.schema.createIndex("alarms_received").on("alarms").column("received_at").execute();

  await db.schema
    .createTable("buttons")
    .addColumn("source", "text", (column) => column.notNull())
    .addColumn("button", "text", (column) => column.notNull())
    .addColumn("kind", "text", (column) => column.notNull())
    .addColumn("at", "bigint", (column) => column.notNull())
    .addColumn("battery", "real")
    .addPrimaryKeyConstraint("buttons_key", ["source", "button", "kind"])
    .modifyEnd(clustered)
    .execute();

  // An id is never used twice, because a sender that answers late must not settle another row than the one it had.
  await db.schema
    .createTable("outbox")
    .addColumn("id", "integer", (column) => column.primaryKey().autoIncrement())
    .addColumn("key", "text", (column) => column.notNull().unique())
    .addColumn("lane", "text", (column) => column.notNull())
    .addColumn("incident", "text", (column) => column.notNull())
    .addColumn("outgoing", "text", (column) => column.notNull())
    .addColumn("due_at", "bigint", (column) => column.notNull())
    .addColumn("leased_until", "bigint", (column) => column.notNull())
    .addColumn("ready_at", "bigint", (column) => column.notNull())
    .addColumn("attempts", "integer", (column) => column.notNull())
    .addColumn("wanted", "integer", (column) => column.notNull())
    .addColumn("last_reason", "text")
    .execute();
  await db.schema.createIndex("outbox_ready").on("outbox").columns(["lane", "ready_at", "id"]).execute();

  await db.schema
    .createTable("boards")
    .addColumn("incident", "text", (column) => column.primaryKey().notNull())
    .addColumn("conversation", "text", (column) => column.notNull())
    .addColumn("service_url", "text", (column) => column.notNull())
    .addColumn("activity", "text", (column) => column.notNull())
    .addColumn("shown", "text", (column) => column.notNull())
    .addColumn("shown_at", "bigint", (column) => column.notNull())
    .addColumn("replied_to", "integer", (column) => column.notNull())
    .execute();

  await db.schema
    .createTable("channels")
    .addColumn("name", "text", (column) => column.primaryKey().notNull())
    .addColumn("conversation", "text", (column) => column.notNull())
    .addColumn("service_url", "text", (column) => column.notNull())
    .addColumn("tenant", "text")
    .execute();

  await db.schema
    .createTable("members")
    .addColumn("id", "text", (column) => column.primaryKey().notNull())
    .addColumn("name", "text", (column) => column.notNull())
    .addColumn("teams_id", "text", (column) => column.notNull())
    .addColumn("conversation", "text")
    .addColumn("service_url", "text", (column) => column.notNull())
    .execute();

  await db.schema
    .createTable("settings")
    .addColumn("name", "text", (column) => column.primaryKey().notNull())
    .addColumn("value", "text", (column) => column.notNull())
    .execute();
}
