import { type Kysely, sql } from "kysely";

/** The parts of an incident of 0001 that this migration touches. */
interface OldBody {
  readonly lastPressAt: number;
  readonly pressers: readonly object[];
}

interface OldTables {
  incidents: { number: number; shape: number; body: string };
}

/** Adds visits, what was closed lately, and how each press came. */
export async function up(db: Kysely<OldTables>): Promise<void> {
  await db.schema
    .createTable("visits")
    .addColumn("person", "text", (column) => column.primaryKey().notNull())
    .addColumn("name", "text", (column) => column.notNull())
    .addColumn("started_at", "bigint", (column) => column.notNull())
    .addColumn("ends_at", "bigint", (column) => column.notNull())
    .addColumn("asked", "integer", (column) => column.notNull())
    .addColumn("next_at", "bigint", (column) => column.notNull())
    .execute();
  await db.schema.createIndex("visits_next").on("visits").column("next_at").execute();
  await db.schema
    .createIndex("incidents_closed")
    .on("incidents")
    .columns(["source", "closed_at"])
    .where(sql.ref("closed_at"), "is not", null)
    .execute();
  // A battery level stood beside another message and could be older than that; buttons send it again soon enough.
  await sql`update buttons set battery = null`.execute(db);

  // Until now every press came by a button. What a disk has damaged stays as it is: it must not keep the bot from
  // starting. SQLite only.
  const kind = sql`case when json_valid(body) then json_extract(body, '$.kind') end`;
  await sql`update history set body = json_set(body, '$.via', 'button')
    where ${kind} in ('opened', 'pressed-again')`.execute(db);
  await sql`update history set body = json_set(body, '$.elsewhere', null) where ${kind} = 'pressed-again'`.execute(db);

  // A hundred at a time, because years of incidents need not fit into memory.
  for (let after = 0; ; ) {
    const rows = await db
      .selectFrom("incidents")
      .select(["number", "body"])
      .where("shape", "=", 1)
      .where("number", ">", after)
      .where(sql<boolean>`json_valid(body) and json_type(body, '$.pressers') = 'array'`)
      .orderBy("number")
      .limit(100)
      .execute();
    for (const { number, body } of rows) {
      const incident: OldBody = JSON.parse(body);
      const pressers = incident.pressers.map((presser) => ({
        ...presser,
        via: "button",
        hears: false,
        at: incident.lastPressAt,
      }));
      const changed = { shape: 2, body: JSON.stringify({ ...incident, pressers }) };
      await db.updateTable("incidents").set(changed).where("number", "=", number).execute();
      after = number;
    }
    if (rows.length === 0) return;
  }
}
