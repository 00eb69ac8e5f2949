import type { Kysely } from "kysely";
import type { PresserCard, PresserCardReader, PresserCardTx } from "../../../ports/store/personal-cards.ts";
import type { Connection } from "../connection.ts";
import { prepare, type Slot } from "../query.ts";
import type { Tables } from "../tables.ts";

/** Reads which cards show people what becomes of their presses. */
export function presserCardReader(db: Kysely<Tables>, on: Connection) {
  const one = prepare(on, (slot: Slot<Pick<PresserCard, "person">>) =>
    db
      .selectFrom("presser_cards")
      .select(["person", "conversation", "service_url as serviceUrl", "activity", "incident", "shown"])
      .select("shown_at as shownAt")
      .where("person", "=", slot("person")),
  );
  return {
    loadPresserCard: (person) => one.one({ person }),
  } satisfies PresserCardReader;
}

/** Stores which cards show people what becomes of their presses. */
export function presserCardTx(db: Kysely<Tables>, on: Connection) {
  const save = prepare(on, (slot: Slot<PresserCard>) => {
    const state = {
      conversation: slot("conversation"),
      service_url: slot("serviceUrl"),
      activity: slot("activity"),
      incident: slot("incident"),
      shown: slot("shown"),
      shown_at: slot("shownAt"),
    };
    return db
      .insertInto("presser_cards")
      .values({ person: slot("person"), ...state })
      .onConflict((conflict) => conflict.column("person").doUpdateSet(state));
  });
  return {
    ...presserCardReader(db, on),
    async savePresserCard(card) {
      await save.run(card);
    },
  } satisfies PresserCardTx;
}
