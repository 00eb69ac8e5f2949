import type { Connection } from "../sql/connection.ts";
import { type Numbered, Sequences } from "../sql/group/rows/sequences.ts";

/**
 * Numbers rows as AUTOINCREMENT would (sqlite.org/autoinc.html): on from the largest number that the table ever had.
 * In SQLite nobody else writes while a transaction is open.
 */
export function sequencesOn(on: Connection): Sequences {
  const last = on.prepare<{ name: Numbered; seq: number }>("select name, seq from sqlite_sequence");
  return new Sequences({
    load: async () => (await last([])).rows,
    // SQLite itself notes the largest number that is written.
    keep: async () => {},
  });
}
