import type { Kysely } from "kysely";
import type { LaneName } from "../../../../ports/store/outbox.ts";
import type { Connection } from "../../connection.ts";
import { toNewRow } from "../../outbox.ts";
import { isOneOf, prepareKeys, prepareRows, type Slot, toNumber, toValues } from "../../query.ts";
import type { Tables } from "../../tables.ts";

/** What the works of a group need to know of a row that waits. */
export interface WaitingRow {
  readonly id: number;
  readonly key: string;
  readonly wanted: number;
  readonly dueAt: number;
  readonly leasedUntil: number;
}

/** A row as it is written, and what of it is on disk. */
export interface ChangedRow extends WaitingRow {
  readonly wantedBefore: number;
  readonly leasedBefore: number;
  readonly readyAt: number;
}

/** A row that is removed, as it is on disk. */
export type RemovedRow = Pick<ChangedRow, "id" | "wantedBefore">;

/** A row as it is added. */
export interface AddedRow extends WaitingRow {
  readonly lane: LaneName;
  readonly incident: string;
  readonly outgoing: string;
  readonly readyAt: number;
}

/** The columns of VALUES, when rows are updated. */
interface Update {
  readonly column1: number;
  readonly column2: number;
  readonly column3: number;
  readonly column4: number;
  readonly column5: number;
  readonly column6: number;
  readonly column7: number;
}

/** Prepares what reads and writes many rows of the outbox at once. */
export function prepareOutboxStatements(db: Kysely<Tables>, on: Connection) {
  const rows = db
    .selectFrom("outbox")
    .select(["id", "key", "wanted", "due_at as dueAt", "leased_until as leasedUntil"]);
  return {
    byKey: prepareKeys(on, (keys: readonly Slot<{ key: string }>[]) => {
      const texts = keys.map((slot) => slot("key"));
      return rows.where("key", "in", texts);
    }),
    byId: prepareKeys(on, (keys: readonly Slot<{ id: number }>[]) => {
      const ids = keys.map((slot) => slot("id"));
      return rows.where("id", "in", ids);
    }),
    remove: prepareRows(on, (removed: readonly Slot<RemovedRow>[]) => {
      const pairs = removed.map((slot) => [toNumber(slot("id")), toNumber(slot("wantedBefore"))]);
      return db.deleteFrom("outbox").where(isOneOf(["id", "wanted"], pairs));
    }),
    update: prepareRows(on, (changed: readonly Slot<ChangedRow>[]) => {
      const names = ["id", "wantedBefore", "leasedBefore", "wanted", "dueAt", "leasedUntil", "readyAt"] as const;
      const values = changed.map((slot) => names.map((name) => toNumber(slot(name))));
      return db
        .updateTable("outbox")
        .from(toValues<Update>(values).as("changed"))
        .set((row) => ({
          wanted: row.ref("changed.column4"),
          due_at: row.ref("changed.column5"),
          leased_until: row.ref("changed.column6"),
          ready_at: row.ref("changed.column7"),
        }))
        .whereRef("outbox.id", "=", "changed.column1")
        .whereRef("outbox.wanted", "=", "changed.column2")
        .whereRef("outbox.leased_until", "=", "changed.column3");
    }),
    insert: prepareRows(on, (added: readonly Slot<AddedRow>[]) => {
      const values = added.map((slot) => ({ ...toNewRow(slot), id: slot("id"), wanted: slot("wanted") }));
      return db
        .insertInto("outbox")
        .values(values)
        .onConflict((conflict) => conflict.doNothing());
    }),
  };
}
