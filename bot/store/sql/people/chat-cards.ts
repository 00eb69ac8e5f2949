import type { Kysely } from "kysely";
import type {
  ChatCard,
  ChatCardPlace,
  ChatCardReader,
  ChatCardTx,
  ShownChatCard,
} from "../../../ports/store/personal-cards.ts";
import type { Connection } from "../connection.ts";
import { prepare, type Slot } from "../query.ts";
import type { Tables } from "../tables.ts";

/** Reads which cards of alarms stand in people's chats. */
export function chatCardReader(db: Kysely<Tables>, on: Connection) {
  const all = db
    .selectFrom("chat_cards")
    .select(["person", "incident", "message", "conversation", "service_url as serviceUrl", "activity", "at", "shown"])
    .select("shown_at as shownAt");
  const ofIncident = prepare(on, (slot: Slot<Pick<ChatCard, "incident" | "person">>) =>
    all.where("person", "=", slot("person")).where("incident", "=", slot("incident")).orderBy("at").orderBy("message"),
  );
  const shared = prepare(on, (slot: Slot<ChatCardPlace>) =>
    all.where("person", "=", slot("person")).where("message", "=", slot("message")).orderBy("incident"),
  );
  return {
    listChatCards: (incident, person) => ofIncident.all({ incident, person }),
    listSharedChatCard: ({ person, message }) => shared.all({ person, message }),
  } satisfies ChatCardReader;
}

/** Stores which cards of alarms stand in people's chats. */
export function chatCardTx(db: Kysely<Tables>, on: Connection) {
  const add = prepare(on, (slot: Slot<ChatCard>) =>
    db
      .insertInto("chat_cards")
      .values({
        person: slot("person"),
        incident: slot("incident"),
        message: slot("message"),
        conversation: slot("conversation"),
        service_url: slot("serviceUrl"),
        activity: slot("activity"),
        at: slot("at"),
        shown: slot("shown"),
        shown_at: slot("shownAt"),
      })
      .onConflict((conflict) => conflict.doNothing()),
  );
  const save = prepare(on, (slot: Slot<ShownChatCard>) =>
    db
      .updateTable("chat_cards")
      .set({ activity: slot("activity"), shown: slot("shown"), shown_at: slot("shownAt") })
      .where("person", "=", slot("person"))
      .where("message", "=", slot("message")),
  );
  return {
    ...chatCardReader(db, on),
    async addChatCards(cards) {
      for (const card of cards) await add.run(card);
    },
    async saveChatCard(card) {
      await save.run(card);
    },
  } satisfies ChatCardTx;
}
