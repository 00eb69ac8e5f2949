import type { Kysely } from "kysely";

/** Adds the team of each channel, in which people are looked up; the next activity from the channel fills it in. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable("channels").addColumn("team", "text").execute();
  await db.schema.alterTable("channels").addColumn("team_group", "text").execute();
}
