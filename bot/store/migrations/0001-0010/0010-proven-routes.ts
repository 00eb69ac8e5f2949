import { type Kysely, sql } from "kysely";

/** Rows lie in the order of their key, in one tree and not two. SQLite only. */
const clustered = sql`without rowid`;

/** Adds on which day each person's routes were proven. The order of rows tells nothing of who answered first. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("proven_routes")
    .addColumn("person", "text", (column) => column.notNull())
    .addColumn("route", "text", (column) => column.notNull())
    .addColumn("known_on", "text", (column) => column.notNull())
    .addColumn("asked_on", "text")
    .addColumn("proven_on", "text")
    .addPrimaryKeyConstraint("proven_routes_key", ["person", "route"])
    .modifyEnd(clustered)
    .execute();
}
