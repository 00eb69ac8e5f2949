import { type Kysely, sql } from "kysely";

/** What became of each message to a colleague, and of each call-off. SQLite's: years of incidents in one statement. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`update incidents set shape = 3, body = json_set(
      body,
      '$.deliveries', json('[]'),
      '$.round.calledOffAt', null,
      '$.pagers', json((
        select coalesce(json_group_object(key, json_set(value, '$.callOff', null)), '{}') from json_each(incidents.body, '$.pagers')
      ))
    ) where shape = 2`.execute(db);
}
