import { type Kysely, sql } from "kysely";

/**
 * Has the bodies of incidents of before shape 4 written anew, by the job that goes by this setting. They are of the
 * shape of the version that stored them, so that the oldest tells of all.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`insert into settings (subject, name, value) select 'backfill', 'incidents', '0'
    where (select shape from incidents order by number limit 1) < 4`.execute(db);
}
