import type { Store } from "../../ports/store/store.ts";
import { channel } from "../../words/colleague/channel.ts";
import type { Channels } from "../outbound/channels.ts";
import type { Origin } from "../wire/activity.ts";
import { type HelpOptions, sendWelcome } from "./help.ts";
import { toShownName } from "./link.ts";

export interface GreeterOptions extends HelpOptions {
  readonly store: Store;
  readonly channels: Channels;
}

/**
 * Sends what to do next where the bot was added, once per conversation, because Teams sends several events for one
 * installation.
 */
export class Greeter {
  readonly #options: GreeterOptions;
  /** Conversations that are being greeted, because the events of one installation come at the same moment. */
  readonly #greeting = new Set<string>();

  constructor(options: GreeterOptions) {
    this.#options = options;
  }

  async greet(origin: Origin): Promise<void> {
    const { store, clock, log } = this.#options;
    const { conversation } = origin;
    if (this.#greeting.has(conversation)) return;
    this.#greeting.add(conversation);
    try {
      if ((await store.read((reader) => reader.loadSetting("greeted", conversation))) !== null) return;
      await this.#sendGreeting(origin);
      await store.write((tx) => tx.saveSetting("greeted", conversation, String(clock.now())));
      log.info({ scope: origin.scope }, "installed");
    } finally {
      this.#greeting.delete(conversation);
    }
  }

  async #sendGreeting(origin: Origin): Promise<void> {
    const { channels, replies, askers, language } = this.#options;
    const words = channel[language];
    const { bot, conversation, scope } = origin;
    const name = channels.nameOf(conversation);
    const unlinked = channels.unlinked().map(toShownName);
    if (name !== null) return replies.sendText(origin, words.installedAndLinked(bot.name, toShownName(name)));
    if (scope === "personal" || unlinked.length === 0) return sendWelcome(origin, this.#options);
    const how = askers.hasLeads ? words.linkByLead : words.linkByCode(bot.name, unlinked[0] ?? "");
    await replies.sendText(origin, `${words.installed(bot.name, unlinked)} ${how}`);
  }
}
