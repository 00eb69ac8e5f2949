import { type Kysely, sql } from "kysely";
import type {
  LinkedChannel,
  Member,
  MessageKind,
  RoundReply,
  TeamsReader,
  TeamsTx,
} from "../../../ports/store/teams.ts";
import type { Connection } from "../connection.ts";
import { prepare, type Slot } from "../query.ts";
import type { Tables } from "../tables.ts";
import { cardMethods, prepareFindCards, prepareKeepMessages, prepareSaveCards, prepareSaveMessages } from "./cards.ts";

interface StoredMember {
  readonly id: string;
  readonly name: string;
  readonly teamsId: string;
  readonly conversation: string | null;
  readonly serviceUrl: string;
}

/** Reads where cards stand, which channels are linked and how people are addressed. */
export function teamsReader(db: Kysely<Tables>, on: Connection) {
  const findCards = prepareFindCards(db, on);
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
      return (await findCards([{ incident }]))[0] ?? null;
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

function toMember(row: StoredMember | null): Member | null {
  if (row === null) return null;
  const { id, name, ...address } = row;
  return { person: { id, name }, ...address };
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
  const reader = teamsReader(db, on);
  const [saveCards, saveMessages] = [prepareSaveCards(db, on), prepareSaveMessages(db, on)];
  const keepMessages = prepareKeepMessages(db, on);

  return {
    ...reader,
    ...cardMethods({
      load: reader.loadCard,
      save: (card) => saveCards([card]),
      saveMessage: (each) => saveMessages([each]),
      keepMessage: (each) => keepMessages([each]),
    }),
    async saveRoundReply(reply) {
      await roundReply.run(reply);
    },
    async saveChannel(link) {
      await channel.run(link);
    },
    async saveMembers(members) {
      for (const { person, ...address } of members) await member.run({ ...person, ...address });
    },
  } satisfies TeamsTx;
}
