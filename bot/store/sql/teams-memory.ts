import { type Kysely, sql } from "kysely";
import type {
  CardState,
  LinkedChannel,
  Member,
  MessageKind,
  RoundReply,
  SentMessage,
  ShownCard,
  TeamsReader,
  TeamsTx,
} from "../../ports/store/teams.ts";
import { fromJson } from "./json.ts";
import { type Connection, prepare, type Slot } from "./query.ts";
import type { Tables } from "./tables.ts";

type StoredCard = Omit<CardState, "isTagRung" | "rung"> & { readonly tagRung: number; readonly rung: string };
type StoredRung = Pick<StoredCard, "incident" | "activity" | "ring" | "rung" | "tagRung">;

interface StoredMember {
  readonly id: string;
  readonly name: string;
  readonly teamsId: string;
  readonly conversation: string | null;
  readonly serviceUrl: string;
}

/** Reads where cards stand, which channels are linked and how people are addressed. */
export function teamsReader(db: Kysely<Tables>, on: Connection) {
  const card = prepare(on, (slot: Slot<{ incident: string }>) =>
    db
      .selectFrom("boards")
      .select(["incident", "conversation", "service_url as serviceUrl", "activity", "posted_at as postedAt", "ring"])
      .select(["rung", "tag_rung as tagRung", "shown", "shown_at as shownAt", "replied_to as repliedTo"])
      .where("incident", "=", slot("incident")),
  );
  const messages = prepare(on, (slot: Slot<{ incident: string }>) =>
    db
      .selectFrom("messages")
      .select(["incident", "conversation", "activity", "service_url as serviceUrl", "kind", "at"])
      .where("incident", "=", slot("incident"))
      .unionAll(
        selectNewestCard(db, slot).where(({ not, exists, selectFrom }) =>
          not(
            exists(
              selectFrom("messages")
                .select("messages.at")
                .whereRef("messages.incident", "=", "boards.incident")
                .whereRef("messages.conversation", "=", "boards.conversation")
                .whereRef("messages.activity", "=", "boards.activity"),
            ),
          ),
        ),
      )
      .orderBy("conversation")
      .orderBy("activity"),
  );
  const roundReply = prepare(on, (slot: Slot<{ incident: string }>) =>
    db
      .selectFrom("round_replies")
      .select(["incident", "card", "activity", "from_seq as from", "asked_to as askedTo"])
      .where("incident", "=", slot("incident")),
  );
  const channel = prepare(on, (slot: Slot<{ name: string }>) =>
    db
      .selectFrom("channels")
      .select(["name", "conversation", "service_url as serviceUrl", "tenant", "team", "team_group as teamGroup"])
      .where("name", "=", slot("name")),
  );
  const members = db
    .selectFrom("members")
    .select(["id", "name", "teams_id as teamsId", "conversation", "service_url as serviceUrl"]);
  const member = prepare(on, (slot: Slot<{ id: string }>) => members.where("id", "=", slot("id")));
  const byTeamsId = prepare(on, (slot: Slot<{ teamsId: string }>) =>
    members.where("teams_id", "=", slot("teamsId")).limit(1),
  );

  return {
    async loadCard(incident) {
      return toCard(await card.one({ incident }));
    },
    loadRoundReply(incident) {
      return roundReply.one({ incident });
    },
    listMessages(incident) {
      return messages.all({ incident });
    },
    loadChannel(name) {
      return channel.one({ name });
    },
    async loadMember(person) {
      return toMember(await member.one({ id: person }));
    },
    async loadMemberByTeamsId(teamsId) {
      return toMember(await byTeamsId.one({ teamsId }));
    },
  } satisfies TeamsReader;
}

/** The newest card as a message: where a version posted it that noted no messages, `boards` alone knows of it. */
function selectNewestCard(db: Kysely<Tables>, slot: Slot<{ incident: string }>) {
  return db
    .selectFrom("boards")
    .select(["boards.incident", "boards.conversation", "boards.activity", "boards.service_url as serviceUrl"])
    .select([sql.lit<MessageKind>("card").as("kind"), "boards.shown_at as at"])
    .where("boards.incident", "=", slot("incident"))
    .where("boards.activity", "<>", "");
}

function prepareKeepNewest(db: Kysely<Tables>, on: Connection) {
  return prepare(on, (slot: Slot<{ incident: string }>) =>
    db
      .insertInto("messages")
      .columns(["incident", "conversation", "activity", "service_url", "kind", "at"])
      .expression(selectNewestCard(db, slot))
      .onConflict((conflict) => conflict.doNothing()),
  );
}

function toCard(row: StoredCard | null): CardState | null {
  if (row === null) return null;
  const { tagRung, rung, ...card } = row;
  return { ...card, rung: fromJson<string[]>(rung) ?? [], isTagRung: tagRung === 1 };
}

function toMember(row: StoredMember | null): Member | null {
  if (row === null) return null;
  const { id, name, ...address } = row;
  return { person: { id, name }, ...address };
}

/** Stores where cards and other messages of an incident stand, and how far they have come. */
function cardsTx(db: Kysely<Tables>, on: Connection) {
  const card = prepare(on, (slot: Slot<StoredCard>) => {
    const state = {
      conversation: slot("conversation"),
      service_url: slot("serviceUrl"),
      activity: slot("activity"),
      shown: slot("shown"),
      shown_at: slot("shownAt"),
      posted_at: slot("postedAt"),
      ring: slot("ring"),
      rung: slot("rung"),
      tag_rung: slot("tagRung"),
    };
    return db
      .insertInto("boards")
      .values({ incident: slot("incident"), replied_to: slot("repliedTo"), ...state })
      .onConflict((conflict) => conflict.column("incident").doUpdateSet(state));
  });
  const keepNewest = prepareKeepNewest(db, on);
  const shown = prepare(on, (slot: Slot<ShownCard>) =>
    db
      .updateTable("boards")
      .set({ shown: slot("shown"), shown_at: slot("shownAt") })
      .where("incident", "=", slot("incident"))
      .where("activity", "=", slot("activity")),
  );
  const rungNow = prepare(on, (slot: Slot<StoredRung>) =>
    db
      .updateTable("boards")
      .set({ ring: slot("ring"), rung: slot("rung"), tag_rung: slot("tagRung") })
      .where("incident", "=", slot("incident"))
      .where("activity", "=", slot("activity")),
  );
  const replied = prepare(on, (slot: Slot<{ incident: string; seq: number }>) =>
    db
      .updateTable("boards")
      .set({ replied_to: slot("seq") })
      .where("incident", "=", slot("incident")),
  );
  const roundReply = prepare(on, (slot: Slot<RoundReply>) => {
    const reply = {
      card: slot("card"),
      activity: slot("activity"),
      from_seq: slot("from"),
      asked_to: slot("askedTo"),
    };
    return db
      .insertInto("round_replies")
      .values({ incident: slot("incident"), ...reply })
      .onConflict((conflict) => conflict.column("incident").doUpdateSet(reply));
  });
  const message = prepare(on, (slot: Slot<SentMessage>) =>
    db
      .insertInto("messages")
      .values({
        incident: slot("incident"),
        conversation: slot("conversation"),
        activity: slot("activity"),
        service_url: slot("serviceUrl"),
        kind: slot("kind"),
        at: slot("at"),
      })
      .onConflict((conflict) =>
        conflict.columns(["incident", "conversation", "activity"]).doUpdateSet({ kind: slot("kind") }),
      ),
  );
  return {
    async saveCard({ isTagRung, rung, ...state }) {
      await keepNewest.run(state);
      await card.run({ ...state, rung: JSON.stringify(rung), tagRung: isTagRung ? 1 : 0 });
      const { incident, conversation, activity, serviceUrl, postedAt: at } = state;
      await message.run({ incident, conversation, activity, serviceUrl, kind: "card", at });
    },
    async saveShown(state) {
      await shown.run(state);
    },
    async saveRung({ isTagRung, rung, ...state }) {
      await rungNow.run({ ...state, rung: JSON.stringify(rung), tagRung: isTagRung ? 1 : 0 });
    },
    async saveRoundReply(reply) {
      await roundReply.run(reply);
    },
    async saveRepliedTo(incident, seq) {
      await replied.run({ incident, seq });
    },
    async saveMessage(each) {
      await message.run(each);
    },
  } satisfies Partial<TeamsTx>;
}

/**
 * Stores where cards stand, which channels are linked and how people are addressed; the newest replaces what was there.
 */
export function teamsTx(db: Kysely<Tables>, on: Connection) {
  const channel = prepare(on, (slot: Slot<LinkedChannel>) => {
    const link = {
      conversation: slot("conversation"),
      service_url: slot("serviceUrl"),
      tenant: slot("tenant"),
      team: slot("team"),
      team_group: slot("teamGroup"),
    };
    return db
      .insertInto("channels")
      .values({ name: slot("name"), ...link })
      .onConflict((conflict) => conflict.column("name").doUpdateSet(link));
  });
  const member = prepare(on, (slot: Slot<StoredMember>) => {
    const address = {
      name: slot("name"),
      teams_id: slot("teamsId"),
      conversation: slot("conversation"),
      service_url: slot("serviceUrl"),
    };
    return db
      .insertInto("members")
      .values({ id: slot("id"), ...address })
      .onConflict((conflict) => conflict.column("id").doUpdateSet(address));
  });

  return {
    ...teamsReader(db, on),
    ...cardsTx(db, on),
    async saveChannel(link) {
      await channel.run(link);
    },
    async saveMembers(members) {
      for (const { person, ...address } of members) await member.run({ ...person, ...address });
    },
  } satisfies TeamsTx;
}
