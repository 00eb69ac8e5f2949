import type { Kysely } from "kysely";

/** Finds members by the id that they have for this bot, for who comes without an Entra id. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createIndex("members_teams_id").on("members").column("teams_id").execute();
}
