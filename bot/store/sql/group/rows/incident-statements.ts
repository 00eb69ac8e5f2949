import type { Kysely } from "kysely";
import type { IncidentRemains } from "../../../../domain/incident/press.ts";
import type { Connection } from "../../connection.ts";
import { prepareAppend } from "../../history.ts";
import { incidentColumns, toNewIncident } from "../../incidents.ts";
import { isOneOf, prepareKeys, prepareRows, type Slot, toNumber, toValues } from "../../query.ts";
import { incidentShape } from "../../shapes/incident-shapes.ts";
import type { Tables } from "../../tables.ts";

export type OfButton = Pick<IncidentRemains, "source" | "button">;

export interface OfPlace {
  readonly channel: string;
  readonly fixedPlace: string;
}

/** What is written of an incident. */
export interface WrittenIncident extends IncidentRemains {
  /** Its version on disk; null: it is not there. */
  readonly before: number | null;
  readonly nextAt: number | null;
  readonly body: string;
}

/** The columns of VALUES, when incidents are updated. */
interface Update {
  readonly column1: string;
  readonly column2: number;
  readonly column3: number;
  readonly column4: string | null;
  readonly column5: number | null;
  readonly column6: number | null;
  readonly column7: string;
}

/** Prepares what reads and writes many incidents at once, and their histories. */
export function prepareIncidentStatements(db: Kysely<Tables>, on: Connection) {
  const incidents = db.selectFrom("incidents").select([...incidentColumns, "body"]);
  const open = incidents.where("closed_at", "is", null);
  return {
    append: prepareAppend(db, on),
    byId: prepareKeys(on, (keys: readonly Slot<{ id: string }>[]) => {
      const ids = keys.map((slot) => slot("id"));
      return incidents.where("id", "in", ids);
    }),
    byButton: prepareKeys(on, (keys: readonly Slot<OfButton>[]) => {
      const buttons = keys.map((slot) => [slot("source"), slot("button")]);
      return open.where(isOneOf(["source", "button"], buttons));
    }),
    byPlace: prepareKeys(on, (keys: readonly Slot<OfPlace>[]) => {
      const places = keys.map((slot) => [slot("channel"), slot("fixedPlace")]);
      return open.where("fixed_place", "is not", null).where(isOneOf(["channel", "fixed_place"], places));
    }),
    insert: prepareRows(on, (rows: readonly Slot<WrittenIncident>[]) => {
      const values = rows.map((slot) => ({ number: slot("number"), ...toNewIncident(slot) }));
      return db
        .insertInto("incidents")
        .values(values)
        .onConflict((conflict) => conflict.doNothing());
    }),
    update: prepareRows(on, (rows: readonly Slot<WrittenIncident>[]) => {
      const values = rows.map((slot) => [
        slot("id"),
        toNumber(slot("before")),
        toNumber(slot("version")),
        slot("fixedPlace"),
        toNumber(slot("closedAt")),
        toNumber(slot("nextAt")),
        slot("body"),
      ]);
      return db
        .updateTable("incidents")
        .from(toValues<Update>(values).as("changed"))
        .set((row) => ({
          shape: incidentShape,
          version: row.ref("changed.column3"),
          fixed_place: row.ref("changed.column4"),
          closed_at: row.ref("changed.column5"),
          next_at: row.ref("changed.column6"),
          body: row.ref("changed.column7"),
        }))
        .whereRef("incidents.id", "=", "changed.column1")
        .whereRef("incidents.version", "=", "changed.column2");
    }),
  };
}
