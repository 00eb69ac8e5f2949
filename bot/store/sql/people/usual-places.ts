import type { Kysely } from "kysely";
import type { UsualPlaceReader, UsualPlaceTx } from "../../../ports/store/usual-places.ts";
import type { Connection } from "../connection.ts";
import { prepare, type Slot } from "../query.ts";
import type { Tables } from "../tables.ts";

/** Reads where colleagues usually are. */
export function usualPlaceReader(db: Kysely<Tables>, on: Connection) {
  const load = prepare(on, (slot: Slot<{ person: string }>) =>
    db.selectFrom("usual_places").select("place").where("person", "=", slot("person")),
  );
  return {
    async loadUsualPlace(person) {
      return (await load.one({ person }))?.place ?? null;
    },
  } satisfies UsualPlaceReader;
}

/** Stores where colleagues usually are, until they take it back. */
export function usualPlaceTx(db: Kysely<Tables>, on: Connection) {
  const save = prepare(on, (slot: Slot<Tables["usual_places"]>) =>
    db
      .insertInto("usual_places")
      .values({ person: slot("person"), place: slot("place") })
      .onConflict((conflict) => conflict.column("person").doUpdateSet({ place: slot("place") })),
  );
  const forget = prepare(on, (slot: Slot<{ person: string }>) =>
    db.deleteFrom("usual_places").where("person", "=", slot("person")),
  );
  return {
    ...usualPlaceReader(db, on),
    async saveUsualPlace(person, place) {
      if (place === null) await forget.run({ person });
      else await save.run({ person, place });
    },
  } satisfies UsualPlaceTx;
}
