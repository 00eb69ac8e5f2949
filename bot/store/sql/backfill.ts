import type { Kysely } from "kysely";
import type { BackfillTx } from "../../ports/store/incidents.ts";
import type { Connection } from "./connection.ts";
import { incidentColumns, readWholeOnes } from "./incidents.ts";
import { prepare, prepareRows, type Slot, toNumber, toValues } from "./query.ts";
import { settingTx } from "./settings.ts";
import { incidentShape } from "./shapes/incident-shapes.ts";
import type { Tables } from "./tables.ts";

/** Where it goes on: behind the incident of that number. */
const cursor = ["backfill", "incidents"] as const;

interface Rewritten {
  readonly number: number;
  readonly body: string;
}

/** The columns of VALUES. */
interface Update {
  readonly column1: number;
  readonly column2: string;
}

/**
 * Writes bodies of an older shape anew. A migration that brings a new shape sets the cursor to 0. A body is read as
 * well before it is reached as after, so that neither its version nor anything else of the incident changes, and what
 * can't be read as a whole stays as it is.
 */
export function backfillTx(db: Kysely<Tables>, on: Connection) {
  const { loadSetting, saveSetting } = settingTx(db, on);
  const next = prepare(on, (slot: Slot<{ after: number; limit: number }>) =>
    db
      .selectFrom("incidents")
      .select([...incidentColumns, "body"])
      .where("number", ">", slot("after"))
      .orderBy("number")
      .limit(slot("limit")),
  );
  const rewrite = prepareRows(on, (rows: readonly Slot<Rewritten>[]) => {
    const values = rows.map((slot) => [toNumber(slot("number")), slot("body")]);
    return db
      .updateTable("incidents")
      .from(toValues<Update>(values).as("changed"))
      .set((row) => ({ shape: incidentShape, body: row.ref("changed.column2") }))
      .whereRef("incidents.number", "=", "changed.column1");
  });
  return {
    async backfillIncidents(limit) {
      const after = await loadSetting(...cursor);
      if (!after) return true;
      const rows = await next.all({ after: Number(after), limit });
      const old = readWholeOnes(rows.filter(({ shape }) => shape < incidentShape));
      await rewrite.run(old.map((incident) => ({ number: incident.number, body: JSON.stringify(incident) })));
      const last = rows.at(-1);
      await saveSetting(...cursor, last === undefined ? "" : String(last.number));
      return last === undefined;
    },
  } satisfies BackfillTx;
}
