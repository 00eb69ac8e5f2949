import type { Kysely } from "kysely";
import type { SettingReader, SettingTx } from "../../ports/settings.ts";
import { type Connection, prepare, type Slot } from "./query.ts";
import type { Tables } from "./tables.ts";

/** Reads single values that must survive a restart. */
export function settingReader(db: Kysely<Tables>, on: Connection) {
  const load = prepare(on, (slot: Slot<{ name: string }>) =>
    db.selectFrom("settings").select("value").where("name", "=", slot("name")),
  );
  return {
    async loadSetting(name) {
      return (await load.one({ name }))?.value ?? null;
    },
  } satisfies SettingReader;
}

/** Keeps single values that must survive a restart. */
export function settingTx(db: Kysely<Tables>, on: Connection) {
  const save = prepare(on, (slot: Slot<{ name: string; value: string }>) =>
    db
      .insertInto("settings")
      .values({ name: slot("name"), value: slot("value") })
      .onConflict((conflict) => conflict.column("name").doUpdateSet({ value: slot("value") })),
  );
  return {
    ...settingReader(db, on),
    async saveSetting(name, value) {
      await save.run({ name, value });
    },
  } satisfies SettingTx;
}
