import type { Person } from "../../domain/person.ts";
import { DeliveryError } from "../../errors.ts";
import type { Log } from "../../log.ts";
import type { Store } from "../../ports/store.ts";
import type { LinkedChannel, Member } from "../../ports/teams.ts";
import type { Clock } from "../../ports/time.ts";
import type { Origin } from "../wire/activity.ts";
import type { Connector } from "../wire/connector.ts";

/** How long we do not ask again for somebody whom Teams does not know: 14 such questions a second are allowed. */
const unknownForMs = 10 * 60_000;

/** A conversation in which people can be looked up. */
export type Room = Pick<LinkedChannel, "conversation" | "serviceUrl" | "tenant">;

/** People as this bot may address them. In memory, the store behind it, Teams behind that. */
export interface Members {
  /** The same without asking Teams; null: nobody of that id wrote or clicked yet. Rejects when the storage is down. */
  recall(person: Person): Promise<Member | null>;
  /** The member behind this person; null when Teams does not know them in that room. Rejects with DeliveryError. */
  find(person: Person, room: Room, signal: AbortSignal): Promise<Member | null>;
  /** Their 1:1 conversation, made when there is none. Rejects with DeliveryError. */
  converse(member: Member, room: Pick<Room, "tenant">, signal: AbortSignal): Promise<string>;
  /** The conversation is gone; the next message makes a new one. */
  forgetConversation(member: Member): Promise<void>;
  /** Every authenticated activity teaches who its sender is. */
  learn(origin: Origin): Promise<void>;
}

/** See `Members`. */
export function createMembers(store: Store, connector: Connector, clock: Clock, log: Log): Members {
  const known = new Map<string, Member>();
  const unknownUntil = new Map<string, number>();

  async function save(member: Member): Promise<Member> {
    await store.write((tx) => tx.saveMembers([member]));
    known.set(member.person.id, member);
    unknownUntil.delete(member.person.id);
    return member;
  }

  async function load(person: string): Promise<Member | null> {
    const member = known.get(person) ?? (await store.read((reader) => reader.loadMember(person)));
    if (member !== null) known.set(person, member);
    return member;
  }

  return {
    recall: ({ id }) => load(id),
    async find(person, room, signal) {
      const member = await load(person.id);
      if (member !== null) return member;
      if ((unknownUntil.get(person.id) ?? 0) > clock.now()) return null;
      const found = await connector.findMember(room.serviceUrl, room.conversation, person.id, signal);
      if (found !== null) {
        const name = found.name === "" ? person.name : found.name;
        return save({
          person: { id: person.id, name },
          teamsId: found.teamsId,
          conversation: null,
          serviceUrl: room.serviceUrl,
        });
      }
      unknownUntil.set(person.id, clock.now() + unknownForMs);
      log.warn({ person: person.id }, "member-unknown");
      return null;
    },
    async converse(member, room, signal) {
      if (member.conversation !== null) return member.conversation;
      const conversation = await connector.converse(member.serviceUrl, member.teamsId, room.tenant, signal);
      await save({ ...member, conversation });
      return conversation;
    },
    async forgetConversation(member) {
      await save({ ...member, conversation: null });
    },
    async learn({ from, teamsId, scope, conversation, serviceUrl }) {
      const before = await load(from.id);
      const personal = scope === "personal" ? conversation : (before?.conversation ?? null);
      const same =
        before?.teamsId === teamsId &&
        before.person.name === from.name &&
        before.serviceUrl === serviceUrl &&
        before.conversation === personal;
      if (!same) await save({ person: from, teamsId, conversation: personal, serviceUrl });
    },
  };
}

/** Nobody to send to; said the same way everywhere. */
export function notAMember(): DeliveryError {
  return new DeliveryError("refused", "Teams does not know this person in the channel");
}
