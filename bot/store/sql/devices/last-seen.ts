import type { Kysely } from "kysely";
import type { LastSeen } from "../../../domain/device/last-seen.ts";
import type { DeviceReader, DeviceTx } from "../../../ports/store/devices.ts";
import type { Connection } from "../connection.ts";
import { toText } from "../group/rows/known.ts";
import { prepare, prepareRows, type Slot } from "../query.ts";
import type { Tables } from "../tables.ts";

/** Reads when buttons were last seen. */
export function lastSeenReader(db: Kysely<Tables>, on: Connection) {
  const list = prepare(on, () =>
    db
      .selectFrom("buttons")
      .select(["source", "button", "kind", "at", "battery"])
      .orderBy("source")
      .orderBy("button")
      .orderBy("kind"),
  );
  return {
    listLastSeen: () => list.all({}),
  } satisfies DeviceReader;
}

/** Stores when buttons were last seen: one row per button and kind, however often the button sends. */
export function lastSeenTx(db: Kysely<Tables>, on: Connection) {
  const save = prepareRows(on, (rows: readonly Slot<LastSeen>[]) => {
    const values = rows.map((slot) => ({
      source: slot("source"),
      button: slot("button"),
      kind: slot("kind"),
      at: slot("at"),
      battery: slot("battery"),
    }));
    return db
      .insertInto("buttons")
      .values(values)
      .onConflict((conflict) =>
        conflict.columns(["source", "button", "kind"]).doUpdateSet((row) => ({
          at: row.ref("excluded.at"),
          battery: row.ref("excluded.battery"),
        })),
      );
  });
  const old = prepare(on, (slot: Slot<{ source: string; before: number }>) =>
    db
      .selectFrom("buttons")
      .select("button")
      .where("source", "=", slot("source"))
      .where("at", "<", slot("before"))
      .distinct(),
  );
  const forget = prepare(on, (slot: Slot<{ source: string; button: string; before: number }>) =>
    db
      .deleteFrom("buttons")
      .where("source", "=", slot("source"))
      .where("button", "=", slot("button"))
      .where("at", "<", slot("before")),
  );
  return {
    ...lastSeenReader(db, on),
    async saveLastSeen(lastSeen) {
      // One statement changes no row twice.
      const last = new Map(lastSeen.map((row) => [toText(row.source, row.button, row.kind), row]));
      await save.run([...last.values()]);
    },
    async forgetLastSeen(source, before, isKept) {
      let forgotten = 0;
      for (const { button } of await old.all({ source, before })) {
        if (!isKept(button)) forgotten += await forget.run({ source, button, before });
      }
      return forgotten;
    },
  } satisfies DeviceTx;
}
