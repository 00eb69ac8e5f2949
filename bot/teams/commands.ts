import type { Person } from "../incident/incident.ts";
import type { Log } from "../log.ts";
import type { Clock, Status, Store } from "../ports.ts";
import { channel } from "../words/channel.ts";
import type { Language } from "../words/language.ts";
import { lineLimits } from "../words/line.ts";
import type { Origin } from "./activity.ts";
import { toMessageText } from "./cards/message.ts";
import type { Channels } from "./channels.ts";
import type { Connector } from "./connector.ts";
import { toStatusText } from "./status.ts";

/** An answer to a command must come while somebody looks at the screen. */
const answerWithinMs = 5_000;

/** What people type to the bot; both languages are always understood. Anchored: a substring would fire on any sentence. */
export const commands = {
  link: /^(?:koppel|link)(?:\s+(?<name>\S+))?\s*$/i,
  status: /^status\s*$/i,
} as const;

/** Answers what people type, and greets where the bot is added. Rejects with DeliveryError when the answer can't be sent. */
export interface Commands {
  link(origin: Origin, name: string): Promise<void>;
  status(origin: Origin): Promise<void>;
  help(origin: Origin): Promise<void>;
  /** Says what to do next, once per conversation: Teams sends several events for one installation. */
  greet(origin: Origin): Promise<void>;
  /** Says one sentence where the activity came from. */
  say(origin: Origin, text: string): Promise<void>;
}

export interface CommandsOptions {
  readonly channels: Channels;
  readonly connector: Connector;
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly language: Language;
  readonly status: () => Promise<Status>;
  readonly mayRelink: (person: Person) => boolean;
}

/** See `Commands`. */
export function createCommands(options: CommandsOptions): Commands {
  const { channels, connector, store, clock, log, language } = options;
  const words = channel[language];
  /** Greetings under way: the events of one installation come at the same moment. */
  const greeting = new Set<string>();

  async function say({ serviceUrl, thread }: Origin, text: string): Promise<void> {
    using deadline = clock.timeout(answerWithinMs);
    await connector.post(serviceUrl, thread, { type: "message", text }, deadline.signal);
  }

  async function bind(origin: Origin, typed: string): Promise<string> {
    // A phone begins what is typed with a capital.
    const name = channels.names.find((known) => known.toLowerCase() === typed.toLowerCase());
    if (name === undefined) return words.linkUnknown(toShown(typed), channels.names.map(toShown));
    const shown = toShown(name);
    if (origin.scope !== "channel") return words.linkInChannel(origin.bot.name, shown);
    const before = await channels.find(name);
    if (before?.conversation === origin.conversation) return words.linkedAlready(shown);
    if (channels.isFixed(name)) return words.linkFixed(shown);
    if (before !== null && !options.mayRelink(origin.from)) return words.linkForbidden(shown);
    await channels.link(name, origin);
    return before === null ? words.linked(shown) : words.linkedAnew(shown);
  }

  function toGreeting({ bot, conversation, scope }: Origin): string {
    const name = channels.nameOf(conversation);
    const unlinked = channels.unlinked().map(toShown);
    if (name !== null) return words.installedAndLinked(bot.name, toShown(name));
    return scope === "personal" || unlinked.length === 0 ? words.help(bot.name) : words.installed(bot.name, unlinked);
  }

  return {
    say,
    link: async (origin, name) => say(origin, await bind(origin, name)),
    async status(origin) {
      const unlinked = channels.unlinked();
      const linked = channels.names.map((name) => ({ name, linked: !unlinked.includes(name) }));
      await say(origin, toStatusText({ ...(await options.status()), channels: linked }, clock.now(), language));
    },
    help: (origin) => say(origin, words.help(origin.bot.name)),
    async greet(origin) {
      const setting = `greeted:${origin.conversation}`;
      if (greeting.has(setting)) return;
      greeting.add(setting);
      try {
        if ((await store.read((reader) => reader.loadSetting(setting))) !== null) return;
        await say(origin, toGreeting(origin));
        await store.write((tx) => tx.saveSetting(setting, String(clock.now())));
        log.info({ scope: origin.scope }, "installed");
      } finally {
        greeting.delete(setting);
      }
    },
  };
}

/** A name of the configuration, or what somebody typed in its stead, inside a message. */
function toShown(name: string): string {
  return toMessageText(name, lineLimits.technical);
}
