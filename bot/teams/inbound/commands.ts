import type { Status } from "../../ports/status.ts";
import { channel as channelWords } from "../../words/colleague/channel.ts";
import { toStatusText } from "../cards/status.ts";
import type { Channels } from "../outbound/channels.ts";
import type { Origin } from "../wire/activity.ts";
import { typedCode } from "../wire/personal-command.ts";
import type { Askers } from "./askers.ts";
import { type HelpOptions, sendHelp } from "./help.ts";
import { type LinkOptions, linkChannel, type TypedLink } from "./link.ts";

/**
 * What people type to the bot; both languages are always understood. Anchored: a substring would fire on any sentence.
 */
export const commands = {
  link: new RegExp(`^(?:koppel|link)(?:\\s+(?<name>\\S+)(?:\\s+(?<code>${typedCode}))?)?\\s*$`, "iu"),
  status: /^status\s*$/i,
} as const;

export interface CommandsOptions extends LinkOptions, HelpOptions {
  readonly channels: Channels;
  readonly askers: Askers;
  /** Loads the status of that channel; null: of all. */
  readonly status: (channel: string | null) => Promise<Status>;
}

/** Answers what people type; all reject with DeliveryError when the answer can't be sent. */
export class Commands {
  readonly #options: CommandsOptions;

  constructor(options: CommandsOptions) {
    this.#options = options;
  }

  sendHelp(origin: Origin, text: string): Promise<void> {
    return sendHelp(origin, text, this.#options);
  }

  async linkChannel(origin: Origin, typed: TypedLink): Promise<void> {
    await this.#options.replies.sendText(origin, await linkChannel(origin, typed, this.#options));
  }

  async sendStatus(origin: Origin): Promise<void> {
    const { channels, replies, clock, askers, language } = this.#options;
    const isChat = origin.scope === "personal";
    if (!(await askers.mayAsMember("status", origin))) {
      const words = channelWords[language].status;
      return replies.sendText(origin, isChat ? words.hidden : words.elsewhere);
    }
    const unlinked = channels.unlinked();
    const linked = channels.names.map((name) => ({ name, isLinked: !unlinked.includes(name) }));
    const name = isChat ? null : channels.nameOf(origin.conversation);
    const loaded = await this.#options.status(name);
    // Who hears nothing is for team leads, and not for a channel in which others read along.
    const unproven = askers.refusalOf("ring-names", origin) === null ? loaded.unproven : [];
    const status = { ...loaded, unproven, channels: linked };
    await replies.sendText(origin, toStatusText(status, clock.now(), this.#options));
  }
}
