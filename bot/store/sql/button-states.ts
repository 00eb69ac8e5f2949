import type { Kysely } from "kysely";
import type { ButtonState } from "../../domain/device/button-state.ts";
import type { ButtonStateTx } from "../../ports/store/button-states.ts";
import { type Connection, prepare, type Slot } from "./query.ts";
import type { Tables } from "./tables.ts";

/** Remembers what sources last said of states that last until they end: one row a state, however often it is said. */
export function buttonStateTx(db: Kysely<Tables>, on: Connection) {
  const find = prepare(on, (slot: Slot<{ source: string; name: string }>) =>
    db
      .selectFrom("button_states")
      .select(["source", "name", "is_on", "run", "was_off", "at"])
      .where("source", "=", slot("source"))
      .where("name", "=", slot("name")),
  );
  const save = prepare(on, (slot: Slot<Omit<ButtonState, "isOn" | "wasOff"> & { isOn: number; wasOff: number }>) =>
    db
      .insertInto("button_states")
      .values({
        source: slot("source"),
        name: slot("name"),
        is_on: slot("isOn"),
        run: slot("run"),
        was_off: slot("wasOff"),
        at: slot("at"),
      })
      .onConflict((conflict) =>
        conflict.columns(["source", "name"]).doUpdateSet((row) => ({
          is_on: row.ref("excluded.is_on"),
          run: row.ref("excluded.run"),
          was_off: row.ref("excluded.was_off"),
          at: row.ref("excluded.at"),
        })),
      ),
  );
  const forget = prepare(on, (slot: Slot<{ before: number }>) =>
    db.deleteFrom("button_states").where("at", "<", slot("before")),
  );

  return {
    async loadButtonState(source, name) {
      const row = await find.one({ source, name });
      return row && { source, name, isOn: row.is_on === 1, run: row.run, wasOff: row.was_off === 1, at: row.at };
    },
    async saveButtonState({ isOn, wasOff, ...state }) {
      await save.run({ ...state, isOn: Number(isOn), wasOff: Number(wasOff) });
    },
    forgetButtonStates(before) {
      return forget.run({ before });
    },
  } satisfies ButtonStateTx;
}
