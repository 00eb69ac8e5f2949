import type { Kysely } from "kysely";
import type { FollowUp, FollowUpReader, FollowUpTx } from "../../../ports/store/personal-cards.ts";
import type { Connection } from "../connection.ts";
import { prepare, type Slot } from "../query.ts";
import type { Tables } from "../tables.ts";

/** Reads which messages show people what becomes of their alarms and visits. */
export function followUpReader(db: Kysely<Tables>, on: Connection) {
  const ofPerson = prepare(on, (slot: Slot<Pick<FollowUp, "person">>) =>
    db
      .selectFrom("follow_ups")
      .select(["person", "activity", "conversation", "service_url as serviceUrl", "shows", "incident", "since"])
      .select(["shown", "shown_at as shownAt"])
      .where("person", "=", slot("person"))
      .orderBy("since")
      .orderBy("activity"),
  );
  return {
    listFollowUps: (person) => ofPerson.all({ person }),
  } satisfies FollowUpReader;
}

/** Stores which messages show people what becomes of their alarms and visits. */
export function followUpTx(db: Kysely<Tables>, on: Connection) {
  const save = prepare(on, (slot: Slot<FollowUp>) => {
    const state = {
      conversation: slot("conversation"),
      service_url: slot("serviceUrl"),
      shows: slot("shows"),
      incident: slot("incident"),
      since: slot("since"),
      shown: slot("shown"),
      shown_at: slot("shownAt"),
    };
    return db
      .insertInto("follow_ups")
      .values({ person: slot("person"), activity: slot("activity"), ...state })
      .onConflict((conflict) => conflict.columns(["person", "activity"]).doUpdateSet(state));
  });
  const remove = prepare(on, (slot: Slot<Pick<FollowUp, "person" | "activity">>) =>
    db.deleteFrom("follow_ups").where("person", "=", slot("person")).where("activity", "=", slot("activity")),
  );
  return {
    ...followUpReader(db, on),
    async saveFollowUp(followUp) {
      await save.run(followUp);
    },
    async deleteFollowUp({ person, activity }) {
      await remove.run({ person, activity });
    },
  } satisfies FollowUpTx;
}
