import type { Connection } from "../sql/connection.ts";
import { type LastNumbers, type Numbered, Sequences } from "../sql/group/rows/sequences.ts";

/**
 * Numbers rows on from where the sequences of their tables are. Nobody else numbers any while a transaction is open,
 * because each begins with writing the row of `owner`; where several instances write at once, that has to change.
 */
export function sequencesOn(on: Connection): Sequences {
  return new Sequences(lastNumbersOn(on));
}

/** Where the sequences of the tables are. */
export function lastNumbersOn(on: Connection): LastNumbers {
  const last = on.prepare<{ name: Numbered; seq: number }>(
    `select 'incidents' as name, last_value - (not is_called)::int as seq from incidents_number_seq
      union all select 'outbox', last_value - (not is_called)::int from outbox_id_seq`,
  );
  // One that has given no number yet stands at 1, and says so.
  const set = on.prepare(
    `select setval('incidents_number_seq', greatest($1::bigint, 1), $1::bigint > 0),
      setval('outbox_id_seq', greatest($2::bigint, 1), $2::bigint > 0)`,
  );
  return {
    load: async () => (await last([])).rows,
    async keep(numbers) {
      await set([numbers.get("incidents") ?? 0, numbers.get("outbox") ?? 0]);
    },
  };
}
