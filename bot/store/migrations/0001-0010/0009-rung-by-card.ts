import type { Kysely } from "kysely";

/** Adds whom a card and what stands under it have mentioned; of cards of before nobody is known. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .alterTable("boards")
    .addColumn("rung", "text", (column) => column.notNull().defaultTo("[]"))
    .execute();
}
