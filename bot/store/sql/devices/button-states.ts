import type { Kysely } from "kysely";
import type { ButtonState } from "../../../domain/device/button-state.ts";
import type { ButtonStateTx } from "../../../ports/store/button-states.ts";
import type { Connection } from "../connection.ts";
import { isOneOf, prepare, prepareKeys, prepareRows, type Slot } from "../query.ts";
import type { Tables } from "../tables.ts";

type StateKey = Pick<ButtonState, "source" | "name">;
type StoredState = Omit<ButtonState, "isOn" | "wasOff"> & { readonly is_on: number; readonly was_off: number };

/** Remembers what sources last said of states that last until they end: one row a state, however often it is said. */
export function buttonStateTx(db: Kysely<Tables>, on: Connection) {
  const find = prepare(on, (slot: Slot<StateKey>) =>
    selectStates(db).where("source", "=", slot("source")).where("name", "=", slot("name")),
  );
  const save = prepareSaveStates(db, on);
  const forget = prepare(on, (slot: Slot<{ before: number }>) =>
    db.deleteFrom("button_states").where("at", "<", slot("before")),
  );

  return {
    async loadButtonState(source, name) {
      const row = await find.one({ source, name });
      return row === null ? null : toState(row);
    },
    async saveButtonState(state) {
      await save([state]);
    },
    forgetButtonStates(before) {
      return forget.run({ before });
    },
  } satisfies ButtonStateTx;
}

/** Prepares looking up many states. */
export function prepareFindStates(db: Kysely<Tables>, on: Connection) {
  const find = prepareKeys(on, (keys: readonly Slot<StateKey>[]) => {
    const pairs = keys.map((slot) => [slot("source"), slot("name")]);
    return selectStates(db).where(isOneOf(["source", "name"], pairs));
  });
  return async (keys: readonly StateKey[]) => (await find.run(keys)).rows.map(toState);
}

/** Prepares remembering states, no two of one name. */
export function prepareSaveStates(db: Kysely<Tables>, on: Connection) {
  const save = prepareRows(on, (rows: readonly Slot<StoredState>[]) => {
    const values = rows.map((slot) => ({
      source: slot("source"),
      name: slot("name"),
      is_on: slot("is_on"),
      run: slot("run"),
      was_off: slot("was_off"),
      message: slot("message"),
      at: slot("at"),
    }));
    return db
      .insertInto("button_states")
      .values(values)
      .onConflict((conflict) =>
        conflict.columns(["source", "name"]).doUpdateSet((row) => ({
          is_on: row.ref("excluded.is_on"),
          run: row.ref("excluded.run"),
          was_off: row.ref("excluded.was_off"),
          message: row.ref("excluded.message"),
          at: row.ref("excluded.at"),
        })),
      );
  });
  return async (states: readonly ButtonState[]) => {
    await save.run(
      states.map(({ isOn, wasOff, ...state }) => ({ ...state, is_on: Number(isOn), was_off: Number(wasOff) })),
    );
  };
}

function selectStates(db: Kysely<Tables>) {
  return db.selectFrom("button_states").select(["source", "name", "is_on", "run", "was_off", "message", "at"]);
}

function toState({ is_on: isOn, was_off: wasOff, ...state }: StoredState): ButtonState {
  return { ...state, isOn: isOn === 1, wasOff: wasOff === 1 };
}
