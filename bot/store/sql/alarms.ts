import type { Kysely } from "kysely";
import type { AlarmReader, AlarmRecord, AlarmTx } from "../../ports/store/alarms.ts";
import { type Connection, prepare, type Slot } from "./query.ts";
import type { Tables } from "./tables.ts";

/** Reads which alarms were taken. */
export function alarmReader(db: Kysely<Tables>, on: Connection) {
  const find = prepare(on, (slot: Slot<{ source: string; key: string }>) =>
    db
      .selectFrom("alarms")
      .select(["source", "key", "incident", "outcome", "received_at as receivedAt"])
      .where("source", "=", slot("source"))
      .where("key", "=", slot("key")),
  );

  return {
    findAlarm(source, key) {
      return find.one({ source, key });
    },
  } satisfies AlarmReader;
}

/** Remembers which alarms were taken. */
export function alarmTx(db: Kysely<Tables>, on: Connection) {
  const save = prepare(on, (slot: Slot<AlarmRecord>) =>
    db
      .insertInto("alarms")
      .values({
        source: slot("source"),
        key: slot("key"),
        incident: slot("incident"),
        outcome: slot("outcome"),
        received_at: slot("receivedAt"),
      })
      // The same message after a day is a new alarm, also when the old one has not been forgotten yet.
      .onConflict((conflict) =>
        conflict.columns(["source", "key"]).doUpdateSet((row) => ({
          incident: row.ref("excluded.incident"),
          outcome: row.ref("excluded.outcome"),
          received_at: row.ref("excluded.received_at"),
        })),
      ),
  );
  const forget = prepare(on, (slot: Slot<{ before: number }>) =>
    db.deleteFrom("alarms").where("received_at", "<", slot("before")),
  );

  return {
    ...alarmReader(db, on),
    async saveAlarm(alarm) {
      await save.run(alarm);
    },
    forgetAlarms(before) {
      return forget.run({ before });
    },
  } satisfies AlarmTx;
}
