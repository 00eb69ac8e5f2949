import type { Kysely } from "kysely";
import type { CardState, SentMessage, TeamsTx } from "../../../ports/store/teams.ts";
import type { Connection } from "../connection.ts";
import { fromJson } from "../json.ts";
import { prepareKeys, prepareRows, type Slot } from "../query.ts";
import type { Tables } from "../tables.ts";

type StoredCard = Omit<CardState, "isTagRung" | "rung"> & { readonly tagRung: number; readonly rung: string };

/** Prepares looking up the newest cards of incidents. */
export function prepareFindCards(db: Kysely<Tables>, on: Connection) {
  const find = prepareKeys(on, (keys: readonly Slot<{ incident: string }>[]) =>
    db
      .selectFrom("boards")
      .select(["incident", "conversation", "service_url as serviceUrl", "activity", "posted_at as postedAt", "ring"])
      .select(["rung", "tag_rung as tagRung", "shown", "shown_at as shownAt", "replied_to as repliedTo"])
      .where(
        "incident",
        "in",
        keys.map((slot) => slot("incident")),
      ),
  );
  return async (keys: readonly { readonly incident: string }[]) => (await find.run(keys)).rows.map(toCard);
}

/** Prepares storing the newest cards of incidents, no two of one. */
export function prepareSaveCards(db: Kysely<Tables>, on: Connection) {
  const save = prepareRows(on, (rows: readonly Slot<StoredCard>[]) =>
    db
      .insertInto("boards")
      .values(
        rows.map((slot) => ({
          incident: slot("incident"),
          replied_to: slot("repliedTo"),
          conversation: slot("conversation"),
          service_url: slot("serviceUrl"),
          activity: slot("activity"),
          shown: slot("shown"),
          shown_at: slot("shownAt"),
          posted_at: slot("postedAt"),
          ring: slot("ring"),
          rung: slot("rung"),
          tag_rung: slot("tagRung"),
        })),
      )
      .onConflict((conflict) =>
        conflict.column("incident").doUpdateSet((row) => ({
          replied_to: row.ref("excluded.replied_to"),
          conversation: row.ref("excluded.conversation"),
          service_url: row.ref("excluded.service_url"),
          activity: row.ref("excluded.activity"),
          shown: row.ref("excluded.shown"),
          shown_at: row.ref("excluded.shown_at"),
          posted_at: row.ref("excluded.posted_at"),
          ring: row.ref("excluded.ring"),
          rung: row.ref("excluded.rung"),
          tag_rung: row.ref("excluded.tag_rung"),
        })),
      ),
  );
  return (cards: readonly CardState[]) =>
    save.run(
      cards.map(({ isTagRung, rung, ...card }) => ({
        ...card,
        rung: JSON.stringify(rung),
        tagRung: Number(isTagRung),
      })),
    );
}

/** Prepares storing messages that were sent, no two of one activity. */
export function prepareSaveMessages(db: Kysely<Tables>, on: Connection) {
  const save = prepareRows(on, (rows: readonly Slot<SentMessage>[]) =>
    insertMessages(db, rows).onConflict((conflict) =>
      conflict
        .columns(["incident", "conversation", "activity"])
        .doUpdateSet((row) => ({ kind: row.ref("excluded.kind") })),
    ),
  );
  return (messages: readonly SentMessage[]) => save.run(messages);
}

/** The same, where they are not stored yet. */
export function prepareKeepMessages(db: Kysely<Tables>, on: Connection) {
  const keep = prepareRows(on, (rows: readonly Slot<SentMessage>[]) =>
    insertMessages(db, rows).onConflict((conflict) => conflict.doNothing()),
  );
  return (messages: readonly SentMessage[]) => keep.run(messages);
}

function insertMessages(db: Kysely<Tables>, rows: readonly Slot<SentMessage>[]) {
  return db.insertInto("messages").values(
    rows.map((slot) => ({
      incident: slot("incident"),
      conversation: slot("conversation"),
      activity: slot("activity"),
      service_url: slot("serviceUrl"),
      kind: slot("kind"),
      at: slot("at"),
    })),
  );
}

function toCard({ tagRung, rung, ...card }: StoredCard): CardState {
  return { ...card, rung: fromJson<string[]>(rung) ?? [], isTagRung: tagRung === 1 };
}

function toMessage({ incident, conversation, activity, serviceUrl }: CardState, at: number): SentMessage {
  return { incident, conversation, activity, serviceUrl, kind: "card", at };
}

/** Where cards and messages are read and put. */
export interface CardPlace {
  load(incident: string): Promise<CardState | null>;
  save(card: CardState): Promise<unknown>;
  saveMessage(message: SentMessage): Promise<unknown>;
  /** The same, unless it is there. */
  keepMessage(message: SentMessage): Promise<unknown>;
}

/** How cards and messages change, wherever they are. */
export function cardMethods({ load, save, saveMessage, keepMessage }: CardPlace) {
  async function change(incident: string, activity: string, to: Partial<CardState>): Promise<void> {
    const card = await load(incident);
    // Of a card that another one has followed it tells nothing any more.
    if (card?.activity === activity) await save({ ...card, ...to });
  }
  return {
    loadCard: load,
    async saveCard(card) {
      const before = await load(card.incident);
      await Promise.all([
        // A version that noted no messages may have posted it.
        before === null || before.activity === "" ? null : keepMessage(toMessage(before, before.shownAt)),
        save({ ...card, repliedTo: before?.repliedTo ?? card.repliedTo }),
        saveMessage(toMessage(card, card.postedAt)),
      ]);
    },
    saveShown: ({ incident, activity, shown, shownAt }) => change(incident, activity, { shown, shownAt }),
    saveRung: ({ incident, activity, ring, rung, isTagRung }) => change(incident, activity, { ring, rung, isTagRung }),
    async saveRepliedTo(incident, repliedTo) {
      const card = await load(incident);
      if (card !== null) await save({ ...card, repliedTo });
    },
    async saveMessage(message) {
      await saveMessage(message);
    },
  } satisfies Partial<TeamsTx>;
}
