import type { Colleague } from "./teams-activity.ts";
import type { TeamsRoster } from "./teams-roster.ts";
import type { Delivered, TeamsRoute } from "./teams-wire.ts";

/**
 * Why Teams refuses the bot. `uninstalled`: it was removed from the team, or by that person; `blocked`: an
 * administrator or that person forbids it; `moderated`: nobody but the moderators posts in the channel; `archived`: the
 * team is closed.
 */
export type Ban = "uninstalled" | "blocked" | "moderated" | "archived";

/**
 * Moderation is said with the words of a person who blocks the bot.
 * https://learn.microsoft.com/microsoftteams/platform/bots/how-to/conversations/conversation-messages#status-codes-from-bot-conversational-apis
 */
const codes = {
  uninstalled: "BotNotInConversationRoster",
  blocked: "BotDisabledByAdmin",
  moderated: "ConversationBlockedByUser",
  archived: "MessageWritesBlocked",
} as const satisfies Record<Ban, string>;
const codesOfPerson = { ...codes, uninstalled: "ForbiddenOperationException", blocked: "ConversationBlockedByUser" };

/** Where a ban holds: in the whole team, in one channel of it, or for one person. */
export type Banned = "team" | Colleague | { readonly channel: string };

/** What the bot may not do now. */
export class TeamsBans {
  readonly #roster: TeamsRoster;
  readonly #bans = new Map<string, Ban>();

  constructor(roster: TeamsRoster) {
    this.#roster = roster;
  }

  forbid(ban: Ban, where: Banned): void {
    this.#bans.set(toKey(where), ban);
  }

  allow(where: Banned): void {
    this.#bans.delete(toKey(where));
  }

  /** The refusal of a call; null: it is not forbidden. */
  findRefusal(route: TeamsRoute, conversation: string, body: unknown): Delivered | null {
    const partner = route === "converse" ? this.#roster.partnerOf(body) : this.#roster.ownerOf(conversation);
    if (partner !== null) {
      const own = this.#bans.get(toKey(partner));
      if (own !== undefined) return { status: 403, code: codesOfPerson[own] };
      // A chat of before outlives the team's installation; a new one is made through it.
      if (route !== "converse" || this.#roster.hasChat(partner)) return null;
    }
    const ban = this.#bans.get("team") ?? this.#bans.get(conversation);
    if (ban === undefined || (partner === null && !this.#roster.isOfTeam(conversation))) return null;
    const isPost = route === "card" || route === "text" || route === "reply";
    return ban !== "moderated" || isPost ? { status: 403, code: codes[ban] } : null;
  }
}

function toKey(where: Banned): string {
  if (where === "team") return where;
  return "channel" in where ? where.channel : where.teamsId;
}
