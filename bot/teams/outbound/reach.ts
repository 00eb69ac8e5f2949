import type { Person } from "../../domain/person.ts";
import { DeliveryError } from "../../errors.ts";
import type { Member } from "../../ports/store/teams.ts";
import type { Channels } from "./channels.ts";
import { type MemberScope, type Members, throwUnknownMember } from "./members.ts";

/** Makes people ready to be messaged before an alarm needs it (rule 26). */
export class Reach {
  readonly #channels: Channels;
  readonly #members: Members;

  constructor(channels: Channels, members: Members) {
    this.#channels = channels;
    this.#members = members;
  }

  /** What `TeamsSender.prepareToMessage` promises. */
  async prepare(person: Person, isAnew: boolean, signal: AbortSignal): Promise<void> {
    const known = await this.#members.recallMember(person);
    if (!isAnew && known !== null && known.conversation !== null) return;
    const rooms = this.#listRooms();
    const [room] = rooms;
    if (room === undefined) throw new DeliveryError("misconfigured", "No channel is linked to a conversation in Teams");
    // Who left the team may still have a chat with the bot, and is told there.
    const member = isAnew || known === null ? ((await this.#lookUp(person, rooms, signal)) ?? known) : known;
    await this.#members.makeConversation(member ?? throwUnknownMember(), room, "quiet", signal);
  }

  /** One linked channel of each team, because a team's channels have the same members. */
  #listRooms(): readonly MemberScope[] {
    return [...new Map(this.#channels.links().map((link) => [link.team ?? link.conversation, link])).values()];
  }

  /** Looks somebody up in each team until one has them. Rejects when none has, and one of them did not say. */
  async #lookUp(person: Person, rooms: readonly MemberScope[], signal: AbortSignal): Promise<Member | null> {
    const failures: unknown[] = [];
    for (const room of rooms) {
      try {
        const found = await this.#members.lookUpMember(person, room, "quiet", signal);
        if (found !== null) return found;
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw failures[0];
    return null;
  }
}
