import type { Person } from "../../domain/person.ts";
import { DeliveryError } from "../../errors.ts";
import type { Log } from "../../log.ts";
import type { Store } from "../../ports/store/store.ts";
import type { LinkedChannel, Member } from "../../ports/store/teams.ts";
import type { Clock } from "../../ports/time.ts";
import type { Origin } from "../wire/activity.ts";
import type { Connector } from "../wire/connector.ts";

/**
 * How long Teams is not asked again about somebody whom it does not know, because only 14 such questions a second are
 * allowed.
 */
const unknownForMs = 10 * 60_000;

/** A conversation in which people can be looked up. */
export type MemberScope = Pick<LinkedChannel, "conversation" | "serviceUrl" | "tenant">;

/** Finds people as this bot may address them: in memory, then in the store, then in Teams. */
export class Members {
  readonly #store: Store;
  readonly #connector: Connector;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #known = new Map<string, Member>();
  readonly #unknownUntil = new Map<string, number>();

  constructor(store: Store, connector: Connector, clock: Clock, log: Log) {
    this.#store = store;
    this.#connector = connector;
    this.#clock = clock;
    this.#log = log;
  }

  /**
   * Finds the member behind this person without asking Teams; null when nobody of that id wrote or clicked yet. Rejects
   * when the storage is down.
   */
  recallMember({ id }: Person): Promise<Member | null> {
    return this.#loadMember(id);
  }

  /**
   * Finds the member behind this person; null when Teams does not know them in that room. Rejects with DeliveryError.
   */
  async findMember(person: Person, scope: MemberScope, signal: AbortSignal): Promise<Member | null> {
    const member = await this.#loadMember(person.id);
    if (member !== null) return member;
    if ((this.#unknownUntil.get(person.id) ?? 0) > this.#clock.now()) return null;
    const found = await this.#connector.findMember(scope.serviceUrl, scope.conversation, person.id, signal);
    if (found !== null) {
      const name = found.name === "" ? person.name : found.name;
      const { teamsId } = found;
      return this.#saveMember({
        person: { id: person.id, name },
        teamsId,
        conversation: null,
        serviceUrl: scope.serviceUrl,
      });
    }
    this.#unknownUntil.set(person.id, this.#clock.now() + unknownForMs);
    this.#log.warn({ person: person.id }, "member-unknown");
    return null;
  }

  /** Whether Teams knows this person in that room now; it is asked each time. Rejects with DeliveryError. */
  async isMember({ id }: Person, { serviceUrl, conversation }: MemberScope, signal: AbortSignal): Promise<boolean> {
    return (await this.#connector.findMember(serviceUrl, conversation, id, signal)) !== null;
  }

  /** Resolves with their 1:1 conversation, made when there is none. Rejects with DeliveryError. */
  async openConversation(member: Member, scope: Pick<MemberScope, "tenant">, signal: AbortSignal): Promise<string> {
    if (member.conversation !== null) return member.conversation;
    const conversation = await this.#connector.createConversation(
      member.serviceUrl,
      member.teamsId,
      scope.tenant,
      signal,
    );
    await this.#saveMember({ ...member, conversation });
    return conversation;
  }

  /** Forgets a 1:1 conversation that Teams no longer has; the next message makes a new one. */
  async forgetConversation(member: Member): Promise<void> {
    await this.#saveMember({ ...member, conversation: null });
  }

  /** Remembers who sent an authenticated activity. */
  async learnSender({ from, teamsId, scope, conversation, serviceUrl }: Origin): Promise<void> {
    const before = await this.#loadMember(from.id);
    const personal = scope === "personal" ? conversation : (before?.conversation ?? null);
    const isSame =
      before?.teamsId === teamsId &&
      before.person.name === from.name &&
      before.serviceUrl === serviceUrl &&
      before.conversation === personal;
    if (!isSame) await this.#saveMember({ person: from, teamsId, conversation: personal, serviceUrl });
  }

  async #saveMember(member: Member): Promise<Member> {
    await this.#store.write((tx) => tx.saveMembers([member]));
    this.#known.set(member.person.id, member);
    this.#unknownUntil.delete(member.person.id);
    return member;
  }

  async #loadMember(person: string): Promise<Member | null> {
    const member = this.#known.get(person) ?? (await this.#store.read((reader) => reader.loadMember(person)));
    if (member !== null) this.#known.set(person, member);
    return member;
  }
}

/** Throws the DeliveryError for somebody whom Teams can't find. */
export function throwUnknownMember(): never {
  throw new DeliveryError("refused", "Teams does not know this person in the channel");
}
