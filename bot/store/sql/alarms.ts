import type { Kysely } from "kysely";
import type { AlarmReader, AlarmRecord, AlarmTx } from "../../ports/store/alarms.ts";
import type { Connection } from "./connection.ts";
import { isOneOf, prepare, prepareKeys, prepareRows, type Slot } from "./query.ts";
import type { Tables } from "./tables.ts";

type AlarmKey = Pick<AlarmRecord, "source" | "key">;

/** Reads which alarms were taken. */
export function alarmReader(db: Kysely<Tables>, on: Connection) {
  const find = prepare(on, (slot: Slot<AlarmKey>) =>
    selectAlarms(db).where("source", "=", slot("source")).where("key", "=", slot("key")),
  );

  return {
    findAlarm(source, key) {
      return find.one({ source, key });
    },
  } satisfies AlarmReader;
}

/** Remembers which alarms were taken. */
export function alarmTx(db: Kysely<Tables>, on: Connection) {
  const save = prepareSaveAlarms(db, on);
  const forget = prepare(on, (slot: Slot<{ before: number }>) =>
    db.deleteFrom("alarms").where("received_at", "<", slot("before")),
  );

  return {
    ...alarmReader(db, on),
    async saveAlarm(alarm) {
      await save.run([alarm]);
    },
    forgetAlarms(before) {
      return forget.run({ before });
    },
  } satisfies AlarmTx;
}

/** Prepares looking up many alarms. */
export function prepareFindAlarms(db: Kysely<Tables>, on: Connection) {
  return prepareKeys(on, (keys: readonly Slot<AlarmKey>[]) => {
    const pairs = keys.map((slot) => [slot("source"), slot("key")]);
    return selectAlarms(db).where(isOneOf(["source", "key"], pairs));
  });
}

/**
 * Prepares remembering alarms, no two of one key. The same message after a day is a new alarm, also when the old one
 * has not been forgotten yet.
 */
export function prepareSaveAlarms(db: Kysely<Tables>, on: Connection) {
  return prepareRows(on, (rows: readonly Slot<AlarmRecord>[]) => {
    const values = rows.map((slot) => ({
      source: slot("source"),
      key: slot("key"),
      incident: slot("incident"),
      outcome: slot("outcome"),
      received_at: slot("receivedAt"),
    }));
    return db
      .insertInto("alarms")
      .values(values)
      .onConflict((conflict) =>
        conflict.columns(["source", "key"]).doUpdateSet((row) => ({
          incident: row.ref("excluded.incident"),
          outcome: row.ref("excluded.outcome"),
          received_at: row.ref("excluded.received_at"),
        })),
      );
  });
}

function selectAlarms(db: Kysely<Tables>) {
  return db.selectFrom("alarms").select(["source", "key", "incident", "outcome", "received_at as receivedAt"]);
}
