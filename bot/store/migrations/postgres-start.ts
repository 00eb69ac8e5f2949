import { type CreateTableBuilder, type Kysely, sql } from "kysely";

/** Texts are told apart and ordered by their bytes, as SQLite does, whatever the language of the server. */
const text = sql`text collate "C"`;
const number = sql`bigint`;

type Column = "text" | "text?" | "number" | "number?" | "id" | "real?";

/**
 * The tables as the migrations of SQLite up to 0014 leave them, in one step: there was no database of PostgreSQL
 * before. Migrations from 0015 on are those of both. A test compares the two.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await create(db, "incidents", [], {
    number: "id",
    ...{ id: "text", shape: "number", version: "number", source: "text", button: "text", channel: "text" },
    ...{ fixed_place: "text?", opened_at: "number", closed_at: "number?", next_at: "number?", body: "text" },
  });
  await db.schema.createIndex("incidents_id").unique().on("incidents").column("id").execute();
  // Rule 3: one open incident per button, and per configured fixed place in a channel.
  await sql`create unique index incidents_open_button on incidents (source, button) where closed_at is null`.execute(
    db,
  );
  await sql`create unique index incidents_open_place on incidents (channel, fixed_place)
    where closed_at is null and fixed_place is not null`.execute(db);
  await sql`create index incidents_next on incidents (next_at) where closed_at is null`.execute(db);
  await sql`create index incidents_closed on incidents (source, closed_at) where closed_at is not null`.execute(db);
  await create(db, "history", ["incident", "seq"], { incident: "text", seq: "number", at: "number", body: "text" });
  await sql`alter table history add foreign key (incident) references incidents (id)`.execute(db);
  await create(db, "policies", ["hash"], { hash: "text", body: "text" });
  await create(db, "alarms", ["source", "key"], {
    ...{ source: "text", key: "text", incident: "text?", outcome: "text", received_at: "number" },
  });
  await sql`create index alarms_received on alarms (received_at)`.execute(db);
  await create(db, "buttons", ["source", "button", "kind"], {
    ...{ source: "text", button: "text", kind: "text", at: "number", battery: "real?" },
  });
  await create(db, "button_states", ["source", "name"], {
    ...{
      source: "text",
      name: "text",
      is_on: "number",
      run: "text?",
      was_off: "number",
      message: "text?",
      at: "number",
    },
  });
  await sql`create index button_states_at on button_states (at)`.execute(db);
  await create(db, "visits", ["person"], {
    ...{ person: "text", name: "text", started_at: "number", ends_at: "number", asked: "number", next_at: "number" },
  });
  await sql`create index visits_next on visits (next_at)`.execute(db);
  await create(db, "route_tests", ["id"], { id: "text", next_at: "number?", body: "text" });
  await sql`create index route_tests_next on route_tests (next_at) where next_at is not null`.execute(db);
  await create(db, "outbox", [], {
    id: "id",
    ...{ key: "text", lane: "text", incident: "text", outgoing: "text", due_at: "number", leased_until: "number" },
    ...{ ready_at: "number", attempts: "number", wanted: "number", last_reason: "text?" },
  });
  await db.schema.createIndex("outbox_key").unique().on("outbox").column("key").execute();
  await sql`create index outbox_ready on outbox (lane, ready_at, id)`.execute(db);
  await create(db, "settings", ["subject", "name"], { subject: "text", name: "text", value: "text" });
  await createForTeams(db);
  await create(db, "usual_places", ["person"], { person: "text", place: "text" });
  await create(db, "proven_routes", ["person", "route"], {
    ...{ person: "text", route: "text", known_on: "text", asked_on: "text?", proven_on: "text?" },
  });
}

async function createForTeams(db: Kysely<unknown>): Promise<void> {
  const place = { conversation: "text", service_url: "text" } as const;
  const shown = { shown: "text", shown_at: "number" } as const;
  await create(db, "boards", ["incident"], {
    ...{ incident: "text", ...place, activity: "text", ...shown, replied_to: "number" },
    ...{ posted_at: "number", ring: "number", tag_rung: "number", rung: "text" },
  });
  await create(db, "round_replies", ["incident"], {
    ...{ incident: "text", card: "text", activity: "text", from_seq: "number", asked_to: "number" },
  });
  await create(db, "messages", ["incident", "conversation", "activity"], {
    ...{ incident: "text", conversation: "text", activity: "text", service_url: "text", kind: "text", at: "number" },
  });
  await create(db, "chat_cards", ["person", "incident", "message"], {
    ...{ person: "text", incident: "text", message: "text", ...place, activity: "text?", at: "number", ...shown },
  });
  await sql`create index chat_cards_by_message on chat_cards (person, message)`.execute(db);
  await create(db, "presser_cards", ["person"], {
    ...{ person: "text", ...place, activity: "text", incident: "text", ...shown },
  });
  await create(db, "follow_ups", ["person", "activity"], {
    ...{ person: "text", activity: "text", ...place, shows: "text", incident: "text", since: "number", ...shown },
  });
  await create(db, "channels", ["name"], {
    name: "text",
    ...place,
    tenant: "text?",
    team: "text?",
    team_group: "text?",
  });
  await create(db, "members", ["id"], {
    ...{ id: "text", name: "text", teams_id: "text", conversation: "text?", service_url: "text" },
  });
  await sql`create index members_teams_id on members (teams_id)`.execute(db);
}

/** Creates a table; `key` empty: its column of the kind `id`, whose numbers are given out once, with gaps. */
async function create(
  db: Kysely<unknown>,
  table: string,
  key: readonly string[],
  columns: Readonly<Record<string, Column>>,
): Promise<void> {
  let building: CreateTableBuilder<string, string> = db.schema.createTable(table);
  for (const [name, kind] of Object.entries(columns)) building = addColumn(building, name, kind);
  if (key.length > 0) building = building.addPrimaryKeyConstraint(`${table}_key`, [...key]);
  await building.execute();
}

function addColumn(building: CreateTableBuilder<string, string>, name: string, kind: Column) {
  switch (kind) {
    case "id":
      return building.addColumn(name, number, (column) => column.generatedByDefaultAsIdentity().primaryKey());
    case "text":
      return building.addColumn(name, text, (column) => column.notNull());
    case "text?":
      return building.addColumn(name, text);
    case "number":
      return building.addColumn(name, number, (column) => column.notNull());
    case "number?":
      return building.addColumn(name, number);
    case "real?":
      return building.addColumn(name, "double precision");
  }
}
