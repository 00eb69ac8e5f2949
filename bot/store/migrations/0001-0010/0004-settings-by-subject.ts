import { type Kysely, sql } from "kysely";

/** Rows lie in the order of their key, in one tree and not two. SQLite only. */
const clustered = sql`without rowid`;

interface Touched {
  /** `settings` as 0001 made it: one list of names, in which each subject had a beginning of its own. */
  old_settings: { name: string; value: string };
  settings: { subject: string; name: string; value: string };
  usual_places: { person: string; place: string };
}

/** How a name began, and the subject that it belongs to; what follows is the name in that subject. */
const subjects = [
  ["pager ", "pager-memory"],
  ["proven ", "route-proven"],
  ["known ", "route-known"],
  ["troubles:", "troubles-reported"],
  ["greeted:", "greeted"],
] as const;
const placePrefix = "place:";

/**
 * Brings settings under subjects, and the places that colleagues set, which are personal data, into a table of their
 * own.
 */
export async function up(db: Kysely<Touched>): Promise<void> {
  await db.schema.alterTable("settings").renameTo("old_settings").execute();
  await db.schema
    .createTable("settings")
    .addColumn("subject", "text", (column) => column.notNull())
    .addColumn("name", "text", (column) => column.notNull())
    .addColumn("value", "text", (column) => column.notNull())
    .addPrimaryKeyConstraint("settings_key", ["subject", "name"])
    .modifyEnd(clustered)
    .execute();
  await db.schema
    .createTable("usual_places")
    .addColumn("person", "text", (column) => column.primaryKey().notNull())
    .addColumn("place", "text", (column) => column.notNull())
    .execute();
  for (const { name, value } of await db.selectFrom("old_settings").select(["name", "value"]).execute()) {
    if (!name.startsWith(placePrefix)) {
      await db
        .insertInto("settings")
        .values({ ...toSettingKey(name), value })
        .execute();
      continue;
    }
    // A place was forgotten by an empty value; now there is no row.
    if (value === "") continue;
    await db
      .insertInto("usual_places")
      .values({ person: name.slice(placePrefix.length), place: value })
      .execute();
  }
  await db.schema.dropTable("old_settings").execute();
}

/** The subject and name of a setting; a name that no version knew stays as it is, without a subject. */
function toSettingKey(name: string): Pick<Touched["settings"], "subject" | "name"> {
  if (name === "guard-key") return { subject: "secret", name };
  if (name === "probe") return { subject: "probe", name: "storage" };
  for (const [prefix, subject] of subjects) {
    if (name.startsWith(prefix)) return { subject, name: name.slice(prefix.length) };
  }
  return { subject: "", name };
}
