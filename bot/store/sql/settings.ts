import type { Kysely } from "kysely";
import type { SettingReader, SettingTx } from "../../ports/store/settings.ts";
import type { Connection } from "./connection.ts";
import { prepare, type Slot } from "./query.ts";
import type { Tables } from "./tables.ts";

type Setting = Tables["settings"];

/** Reads single values that must survive a restart. */
export function settingReader(db: Kysely<Tables>, on: Connection) {
  const load = prepare(on, (slot: Slot<Pick<Setting, "subject" | "name">>) =>
    db.selectFrom("settings").select("value").where("subject", "=", slot("subject")).where("name", "=", slot("name")),
  );
  return {
    async loadSetting(subject, name) {
      return (await load.one({ subject, name }))?.value ?? null;
    },
  } satisfies SettingReader;
}

/** Stores single values that must survive a restart. */
export function settingTx(db: Kysely<Tables>, on: Connection) {
  const save = prepare(on, (slot: Slot<Setting>) =>
    db
      .insertInto("settings")
      .values({ subject: slot("subject"), name: slot("name"), value: slot("value") })
      .onConflict((conflict) => conflict.columns(["subject", "name"]).doUpdateSet({ value: slot("value") })),
  );
  return {
    ...settingReader(db, on),
    async saveSetting(subject, name, value) {
      await save.run({ subject, name, value });
    },
  } satisfies SettingTx;
}
