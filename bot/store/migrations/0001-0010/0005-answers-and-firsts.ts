import { type Kysely, sql } from "kysely";

/** Rows lie in the order of their key, in one tree and not two. SQLite only. */
const clustered = sql`without rowid`;

/** Adds the states of buttons. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("button_states")
    .addColumn("source", "text", (column) => column.notNull())
    .addColumn("name", "text", (column) => column.notNull())
    .addColumn("is_on", "integer", (column) => column.notNull())
    .addColumn("run", "text")
    .addColumn("was_off", "integer", (column) => column.notNull())
    .addColumn("message", "text")
    .addColumn("at", "bigint", (column) => column.notNull())
    .addPrimaryKeyConstraint("button_states_key", ["source", "name"])
    .modifyEnd(clustered)
    .execute();
  await db.schema.createIndex("button_states_at").on("button_states").column("at").execute();
  // Devices that said "still pressed" said with every other message that they were not. SQLite only.
  await sql`insert into button_states (source, name, is_on, was_off, at)
    select source, button, coalesce(pressed > released, pressed is not null), released is not null,
        max(coalesce(pressed, 0), coalesce(released, 0))
      from (select source, lower(button) as button,
          max(case when kind in ('press', 'still-pressed') then at end) as pressed,
          max(case when kind in ('cancel', 'heartbeat', 'position', 'test') then at end) as released,
          max(kind = 'still-pressed') as repeats
        from buttons as seen where button <> '' group by source, lower(seen.button))
      where repeats`.execute(db);
}
