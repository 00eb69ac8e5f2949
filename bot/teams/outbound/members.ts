import type { Person } from "../../domain/person.ts";
import { DeliveryError } from "../../errors.ts";
import type { Log } from "../../log.ts";
import type { Store } from "../../ports/store/store.ts";
import type { LinkedChannel, Member } from "../../ports/store/teams.ts";
import type { Clock } from "../../ports/time.ts";
import type { Origin } from "../wire/activity.ts";
import type { ConnectorFor } from "../wire/budget/connector-for.ts";
import type { Urgency } from "../wire/budget/urgency.ts";

/**
 * How long Teams is not asked again about somebody whom it does not know, because only 14 such questions a second are
 * allowed.
 */
const unknownForMs = 10 * 60_000;
/**
 * The same while an alarm is open: now and then Teams does not know somebody whom it knew a second ago. No longer than
 * until a refused message is tried again, because each of its tries has to ask anew.
 */
const unknownInAlarmForMs = 1_000;

/** A channel in whose team people can be looked up. */
export type MemberScope = Pick<LinkedChannel, "conversation" | "serviceUrl" | "tenant" | "team">;

export interface MembersOptions {
  readonly store: Store;
  readonly connectorFor: ConnectorFor;
  readonly clock: Clock;
  readonly log: Log;
  readonly isAlarmOpen: () => boolean;
}

/** Finds people as this bot may address them: in memory, then in the store, then in Teams. */
export class Members {
  readonly #options: MembersOptions;
  readonly #known = new Map<string, Member>();
  /** Since when Teams does not know somebody, in epoch milliseconds. */
  readonly #unknownSince = new Map<string, number>();

  constructor(options: MembersOptions) {
    this.#options = options;
  }

  /**
   * Finds the member behind this person without asking Teams; null when nobody of that id wrote or clicked yet. Rejects
   * when the storage is down.
   */
  recallMember({ id }: Person): Promise<Member | null> {
    return this.#loadMember(id);
  }

  /**
   * Finds the member behind a sender without asking Teams: by their Entra id, else by the id that they have for this
   * bot; null when nobody of that id wrote or clicked yet. Rejects when the storage is down.
   */
  async recallSender({ from, teamsId }: Pick<Origin, "from" | "teamsId">): Promise<Member | null> {
    if (from.id !== teamsId) return this.#loadMember(from.id);
    const known = [...this.#known.values()].find((member) => member.teamsId === teamsId);
    return known ?? this.#options.store.read((reader) => reader.loadMemberByTeamsId(teamsId));
  }

  /**
   * Finds the member behind this person; null when Teams does not know them in that room. Rejects with DeliveryError.
   */
  async findMember(person: Person, scope: MemberScope, signal: AbortSignal): Promise<Member | null> {
    const member = await this.#loadMember(person.id);
    if (member !== null) return member;
    if (this.#isBelievedUnknown(person)) return null;
    const found = await this.lookUpMember(person, scope, "ring", signal);
    if (found === null) this.#options.log.warn({ person: person.id }, "member-unknown");
    return found;
  }

  /** As `findMember`, and Teams is asked each time. A 1:1 conversation that is known stays so. */
  async lookUpMember(
    person: Person,
    scope: MemberScope,
    urgency: Urgency,
    signal: AbortSignal,
  ): Promise<Member | null> {
    const found = await this.#askTeams(person, scope, urgency, signal);
    if (found === null) {
      this.#unknownSince.set(person.id, this.#options.clock.now());
      return null;
    }
    const { teamsId } = found;
    const { serviceUrl } = scope;
    const name = found.name === "" ? person.name : found.name;
    const before = await this.#loadMember(person.id);
    const conversation = before?.teamsId === teamsId ? before.conversation : null;
    return this.#saveMember({ person: { id: person.id, name }, teamsId, conversation, serviceUrl });
  }

  /** Whether Teams knows this person in that room now; it is asked each time. Rejects with DeliveryError. */
  async isMember(person: Person, scope: MemberScope, signal: AbortSignal): Promise<boolean> {
    return (await this.#askTeams(person, scope, "reply", signal)) !== null;
  }

  /** Resolves with their 1:1 conversation, made when there is none. Rejects with DeliveryError. */
  async openConversation(member: Member, scope: Pick<MemberScope, "tenant">, signal: AbortSignal): Promise<string> {
    return member.conversation ?? this.makeConversation(member, scope, "ring", signal);
  }

  /**
   * Makes their 1:1 conversation, or finds the one that Teams has: that it may be made shows that they can be messaged.
   * Rejects with DeliveryError.
   */
  async makeConversation(
    member: Member,
    scope: Pick<MemberScope, "tenant">,
    urgency: Urgency,
    signal: AbortSignal,
  ): Promise<string> {
    const conversation = await this.#options
      .connectorFor(urgency)
      .createConversation(member.serviceUrl, member.teamsId, scope.tenant, signal);
    if (conversation !== member.conversation) await this.#saveMember({ ...member, conversation });
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

  /**
   * Asks for somebody in the team, because that is whom the SDK asks: a channel's own id may find nobody. Somebody else
   * than was asked for counts as nobody.
   * https://learn.microsoft.com/microsoftteams/platform/bots/how-to/get-teams-context
   */
  async #askTeams({ id }: Person, scope: MemberScope, urgency: Urgency, signal: AbortSignal) {
    const { serviceUrl, team, conversation } = scope;
    const found = await this.#options.connectorFor(urgency).findMember(serviceUrl, team ?? conversation, id, signal);
    if (found === null) return null;
    const isAskedFor = found.teamsId === id || found.entraId === null || found.entraId === id.toLowerCase();
    return isAskedFor ? found : null;
  }

  #isBelievedUnknown({ id }: Person): boolean {
    const { clock, isAlarmOpen } = this.#options;
    const since = this.#unknownSince.get(id);
    return since !== undefined && clock.now() - since < (isAlarmOpen() ? unknownInAlarmForMs : unknownForMs);
  }

  async #saveMember(member: Member): Promise<Member> {
    await this.#options.store.write((tx) => tx.saveMembers([member]));
    this.#known.set(member.person.id, member);
    this.#unknownSince.delete(member.person.id);
    return member;
  }

  async #loadMember(person: string): Promise<Member | null> {
    const member = this.#known.get(person) ?? (await this.#options.store.read((reader) => reader.loadMember(person)));
    if (member !== null) this.#known.set(person, member);
    return member;
  }
}

/** Throws the DeliveryError for somebody whom Teams can't find. */
export function throwUnknownMember(): never {
  throw new DeliveryError("refused", "Teams does not know this person in the channel");
}
