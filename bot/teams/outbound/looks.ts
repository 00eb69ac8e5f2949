import type { LookFinding } from "../../domain/channel/health.ts";
import type { TokenFault } from "../../domain/teams-test/teams-test.ts";
import { DeliveryError } from "../../errors.ts";
import type { Log } from "../../log.ts";
import type { LinkedChannel } from "../../ports/store/teams.ts";
import type { ListedChannels, WatchedChannel } from "../../ports/teams-looks.ts";
import type { BotToken } from "../wire/bot-token.ts";
import type { ConnectorFor } from "../wire/budget/connector-for.ts";
import type { FoundMember } from "../wire/connector.ts";
import { TokenRefused } from "../wire/failure.ts";
import type { Channels } from "./channels.ts";

export interface LooksOptions {
  readonly channels: Channels;
  readonly connectorFor: ConnectorFor;
  /** null: local, where there is none. */
  readonly token: BotToken | null;
  readonly log: Log;
}

/**
 * Looks whether the bot can still reach the teams of its channels, by asking for somebody who is in them: that costs
 * one small answer, where the whole roster would be read each minute.
 */
export class Looks {
  readonly #options: LooksOptions;
  /** The Teams id of somebody in each team, whoever they are. */
  readonly #insiders = new Map<string, string>();

  constructor(options: LooksOptions) {
    this.#options = options;
  }

  async listChannels(): Promise<ListedChannels> {
    const { channels } = this.#options;
    const unlinked: string[] = [];
    for (const name of channels.names) {
      // Of one that can't be read nobody knows.
      const link = await channels.findLink(name).catch(() => undefined);
      if (link === null) unlinked.push(name);
    }
    const links = channels.links();
    return {
      linked: links.map((link) => ({ ...toRoom(link), channel: link.name, conversation: link.conversation })),
      unlinked,
    };
  }

  async freshenToken(): Promise<TokenFault | null> {
    const { token, log } = this.#options;
    try {
      await token?.freshen();
      return null;
    } catch (error) {
      log.warn({ err: error }, "token-not-fetched");
      return error instanceof TokenRefused ? error.fault : { flaw: "login-unreachable", answer: null };
    }
  }

  async look(channel: string, signal: AbortSignal): Promise<LookFinding> {
    const link = this.#options.channels.links().find(({ name }) => name === channel);
    if (link === undefined) return "unclear";
    try {
      await this.#findInsider(link, signal);
      return "there";
    } catch (error) {
      const finding = toFinding(error);
      // Teams finds members by their team, and may know nobody by the channel alone.
      return finding === "not-there" && link.team === null ? "unclear" : finding;
    }
  }

  /** Finds somebody in that team, the same as before or else anybody. Rejects when the bot is not let in. */
  async #findInsider(link: LinkedChannel, signal: AbortSignal): Promise<FoundMember | null> {
    const connector = this.#options.connectorFor("quiet");
    const { serviceUrl } = link;
    const { team } = toRoom(link);
    const known = this.#insiders.get(team);
    const found = known === undefined ? null : await connector.findMember(serviceUrl, team, known, signal);
    if (found !== null) return found;
    // Either that person has left the team, or the bot has.
    this.#insiders.delete(team);
    const anybody = await connector.findAnyMember(serviceUrl, team, signal);
    if (anybody !== null) this.#insiders.set(team, anybody.teamsId);
    return anybody;
  }
}

function toRoom({ team, conversation }: LinkedChannel): Pick<WatchedChannel, "team"> {
  return { team: team ?? conversation };
}

function toFinding(error: unknown): LookFinding {
  if (!(error instanceof DeliveryError)) return "no-answer";
  if (error.cause instanceof TokenRefused) return "no-token";
  if (error.reason === "refused") return "not-there";
  return error.reason === "throttled" ? "unclear" : "no-answer";
}
