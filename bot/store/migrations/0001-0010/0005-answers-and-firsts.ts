import { type Kysely, sql } from "kysely";

/** Rows lie in the order of their key, in one tree and not two. SQLite only. */
const clustered = sql`without rowid`;

/**
 * Adds the states of buttons, and whether an incident may be a repetition; tells the guards of one pager apart, and who
 * asked for help.
 */
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
  // One guard of a round was remembered, and no guard could ask for help. Years of incidents in one statement.
  await sql`update incidents set shape = 4, body = json_set(
      json_remove(body, '$.round.guard'),
      '$.mayBeRepeat', json('false'),
      '$.round.helpAskedBy', iif(json_extract(body, '$.round.helpAskedAt') is null, null, 'colleague'),
      '$.round.guards', json(iif(json_extract(body, '$.round.guard') is null, '[]', json_array(json_object(
        'pager', json_extract(body, '$.round.guard.pager'),
        'who', 'link',
        'state', iif(json_extract(body, '$.round.guard.arrivedAt') is null, 'coming', 'there'),
        'since', coalesce(json_extract(body, '$.round.guard.arrivedAt'), json_extract(body, '$.round.guard.acceptedAt')),
        'signAt', json_extract(body, '$.round.guard.signAt'),
        'silentAt', json_extract(body, '$.round.guard.silentAt'),
        'lapsedAt', json_extract(body, '$.round.guard.lapsedAt'),
        'helpAt', null
      ))))
    ) where shape = 3 and json_valid(body)`.execute(db);
}
