import { type Kysely, sql } from "kysely";

/** Adds tests of routes, and what became of each message to a colleague and of each call-off. */
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
  // Years of incidents in one statement. SQLite only.
  await sql`update incidents set shape = 3, body = json_set(
      body,
      '$.deliveries', json('[]'),
      '$.round.calledOffAt', null,
      '$.pagers', json((
        select coalesce(json_group_object(key, json_set(value, '$.callOff', null, '$.earlier', json('[]'))), '{}') from json_each(incidents.body, '$.pagers')
      ))
    ) where shape = 2 and json_valid(body)`.execute(db);
}
