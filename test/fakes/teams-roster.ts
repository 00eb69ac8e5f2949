import type { Colleague } from "./teams-activity.ts";
import { Converse, type Delivered } from "./teams-wire.ts";

export interface RosterOptions {
  /** The team that all channels are of; its id is that of its General channel. */
  readonly team: string;
  readonly channels: readonly string[];
  readonly colleagues: readonly Colleague[];
  /** People are found by any of its channels as well. */
  readonly isFoundByChannel: boolean;
}

/** The people of one team, its channels, and their chats with the bot. */
export class TeamsRoster {
  readonly #options: RosterOptions;
  readonly #members: Map<string, Colleague>;
  /** Whose chat that is, by its conversation. */
  readonly #chats = new Map<string, Colleague>();

  constructor(options: RosterOptions) {
    this.#options = options;
    this.#members = new Map(options.colleagues.map((colleague) => [colleague.teamsId, colleague]));
  }

  isOfTeam(conversation: string): boolean {
    return conversation === this.#options.team || this.#options.channels.includes(conversation);
  }

  chatOf(colleague: Colleague): string {
    const id = `a:personal-${colleague.teamsId}`;
    this.#chats.set(id, colleague);
    return id;
  }

  /** Who has that chat with the bot; null when it is none. */
  ownerOf(conversation: string): Colleague | null {
    return this.#chats.get(conversation) ?? null;
  }

  /** Whether a 1:1 with them needs no team, because they opened it themselves, or it was made before. */
  hasChat({ teamsId }: Colleague): boolean {
    return [...this.#chats.values()].some((each) => each.teamsId === teamsId);
  }

  /** Somebody leaves the team; a chat that they have with the bot stays. */
  leave({ teamsId }: Colleague): void {
    this.#members.delete(teamsId);
  }

  join(colleague: Colleague): void {
    this.#members.set(colleague.teamsId, colleague);
  }

  /** Finds who is known by their id for this bot or by that in Entra; null: nobody is. */
  find(id: string): Colleague | null {
    const known = [...this.#members.values(), ...this.#chats.values()];
    return known.find((each) => each.teamsId === id || each.aadObjectId === id.toLowerCase()) ?? null;
  }

  /** The answer to a look-up. `id` "": of all members. */
  lookUp(conversation: string, id: string): Delivered {
    const { team, isFoundByChannel } = this.#options;
    if (conversation !== team && !(isFoundByChannel && this.isOfTeam(conversation)))
      return { status: 404, code: "ConversationNotFound" };
    const members = [...this.#members.values()].map(({ teamsId, aadObjectId, name }) => {
      return { id: teamsId, aadObjectId, name };
    });
    if (id === "") return { status: 200, body: { members } };
    const found = members.find((each) => each.id === id || each.aadObjectId === id);
    return found === undefined ? { status: 404, code: "MemberNotFoundInConversation" } : { status: 200, body: found };
  }

  /** Whom a 1:1 is made with; null: nobody is named as Teams wants it. */
  partnerOf(body: unknown): Colleague | null {
    const id = Converse.safeParse(body).data?.members[0]?.id ?? "";
    const known = [...this.#members.values(), ...this.#chats.values()];
    return known.find(({ teamsId }) => teamsId === id) ?? null;
  }

  /** The answer to whoever makes a 1:1. */
  converse(body: unknown): Delivered {
    if (!Converse.safeParse(body).success) return { status: 400, code: "BadArgument" };
    const partner = this.partnerOf(body);
    // Neither they nor their team have the app.
    if (partner === null) return { status: 403, code: "ForbiddenOperationException" };
    return { status: 201, body: { id: this.chatOf(partner) } };
  }
}
