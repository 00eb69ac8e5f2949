import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import Database from "better-sqlite3";
import { Kysely, SqliteDialect } from "kysely";
import { Migrator } from "kysely/migration";
import { expect, it } from "vitest";
import { openLog } from "../../bot/log.ts";
import { up } from "../../bot/store/migrations/0001-start.ts";
import { openStore } from "../../bot/store/store.ts";
import { buildIncident } from "../fixtures/incident.ts";
import { newDatabase } from "./new-database.ts";

/** A database as the first version left it, with that many incidents in it. */
async function writeFirst(path: string, count: number): Promise<void> {
  mkdirSync(dirname(path), { recursive: true });
  const db = new Kysely<Record<string, Record<string, unknown>>>({
    dialect: new SqliteDialect({ database: new Database(path) }),
  });
  const { error } = await new Migrator({
    db,
    provider: { getMigrations: async () => ({ "0001-start": { up } }) },
  }).migrateToLatest();
  if (error !== undefined) throw error;
  for (let index = 1; index <= count; index += 1) {
    const id = `old-${index}`;
    const incident = buildIncident({ id, button: String(index), version: 1 });
    const pressers = [{ source: "buttons", button: String(index), holder: null }];
    await db
      .insertInto("incidents")
      .values({
        id,
        shape: 1,
        version: 1,
        source: "buttons",
        button: String(index),
        channel: "frontdesk",
        fixed_place: null,
        opened_at: incident.openedAt,
        closed_at: index % 2 === 0 ? incident.openedAt + 1 : null,
        next_at: null,
        body: JSON.stringify({ ...incident, pressers }),
      })
      .execute();
  }
  await db.destroy();
}

it("what the first version stored is read by this one, all of it", async () => {
  const path = newDatabase();
  await writeFirst(path, 250);
  await using store = await openStore({ url: `sqlite:${path}`, log: openLog("silent") });
  for (const index of [1, 2, 100, 101, 250]) {
    const incident = await store.read((reader) => reader.loadIncident(`old-${index}`));
    const { lastPressAt } = buildIncident();
    expect(incident).toMatchObject({
      number: index,
      pressers: [{ source: "buttons", button: String(index), via: "button", hears: false, at: lastPressAt }],
    });
  }
});
