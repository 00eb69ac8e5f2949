import type { Kysely } from "kysely";
import type { ButtonState } from "../../../domain/device/button-state.ts";
import type { ButtonStateTx } from "../../../ports/store/button-states.ts";
import { type Connection, prepare, type Slot } from "../query.ts";
import type { Tables } from "../tables.ts";

/** Remembers what sources last said of states that last until they end: one row a state, however often it is said. */
export function buttonStateTx(db: Kysely<Tables>, on: Connection) {
  const find = prepare(on, (slot: Slot<{ source: string; name: string }>) =>
    db
      .selectFrom("button_states")
      .select(["source", "name", "is_on", "run", "was_off", "message", "at"])
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
        message: slot("message"),
        at: slot("at"),
      })
      .onConflict((conflict) =>
        conflict.columns(["source", "name"]).doUpdateSet((row) => ({
          is_on: row.ref("excluded.is_on"),
          run: row.ref("excluded.run"),
          was_off: row.ref("excluded.was_off"),
          message: row.ref("excluded.message"),
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
      if (row === null) return null;
      const { is_on: isOn, was_off: wasOff, run, message, at } = row;
      return { source, name, isOn: isOn === 1, run, wasOff: wasOff === 1, message, at };
    },
    async saveButtonState({ isOn, wasOff, ...state }) {
      await save.run({ ...state, isOn: Number(isOn), wasOff: Number(wasOff) });
    },
    forgetButtonStates(before) {
      return forget.run({ before });
    },
  } satisfies ButtonStateTx;
}
