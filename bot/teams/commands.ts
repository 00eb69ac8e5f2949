import { DeliveryError } from "../errors.ts";
import type { Person } from "../incident/incident.ts";
import type { Log } from "../log.ts";
import type { Clock, Status, Store } from "../ports.ts";
import { channel } from "../words/channel.ts";
import type { Language } from "../words/language.ts";
import { lineLimits } from "../words/line.ts";
import type { Origin } from "./activity.ts";
import { toMessageText } from "./cards/message.ts";
import { type PersonalCard, toPersonalCard } from "./cards/personal-card.ts";
import type { Channels } from "./channels.ts";
import type { Connector, OutgoingActivity } from "./connector.ts";
import { toAnswerActivity } from "./outgoing.ts";
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
  /**
   * Shows what became of a wish. Never rejects: it is done, and "it did not work" would be wrong. Where cards are refused,
   * their first words are said.
   */
  show(origin: Origin, card: PersonalCard): Promise<void>;
}

export interface CommandsOptions {
  readonly channels: Channels;
  readonly connector: Connector;
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly language: Language;
  readonly timezone: string;
  /** Whether an alarm can be raised from Teams. */
  readonly isSetUp: boolean;
  readonly status: () => Promise<Status>;
  readonly mayRelink: (person: Person) => boolean;
}

/** See `Commands`. */
export function createCommands(options: CommandsOptions): Commands {
  const { channels, connector, store, clock, log, language } = options;
  const words = channel[language];
  /** Greetings under way: the events of one installation come at the same moment. */
  const greeting = new Set<string>();

  async function answer({ serviceUrl, thread }: Origin, activity: OutgoingActivity): Promise<void> {
    using deadline = clock.timeout(answerWithinMs);
    await connector.post(serviceUrl, thread, activity, deadline.signal);
  }

  async function say(origin: Origin, text: string): Promise<void> {
    await answer(origin, { type: "message", text });
  }

  async function show(origin: Origin, { card, summary }: PersonalCard): Promise<void> {
    try {
      await answer(origin, toAnswerActivity(card, summary));
    } catch (error) {
      log.warn({ err: error }, "card-not-shown");
      const isRefused = error instanceof DeliveryError && error.reason === "refused";
      if (isRefused)
        await say(origin, summary).catch((unsaid: unknown) => log.warn({ err: unsaid }, "answer-not-sent"));
    }
  }

  async function help(origin: Origin): Promise<void> {
    const { bot, scope } = origin;
    if (!options.isSetUp) return say(origin, words.help(bot.name));
    if (scope !== "personal") return say(origin, `${words.help(bot.name)}\n\n${words.helpAlarm(bot.name)}`);
    // Who types "help" to the bot alone may mean it: the button is right there.
    const { card, summary } = toPersonalCard({ kind: "welcome" }, options);
    await answer(origin, toAnswerActivity(card, summary));
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

  async function greet(origin: Origin): Promise<void> {
    const { bot, conversation, scope } = origin;
    const name = channels.nameOf(conversation);
    const unlinked = channels.unlinked().map(toShown);
    if (name !== null) return say(origin, words.installedAndLinked(bot.name, toShown(name)));
    if (scope === "personal" || unlinked.length === 0) return help(origin);
    await say(origin, words.installed(bot.name, unlinked));
  }

  return {
    say,
    show,
    help,
    link: async (origin, name) => say(origin, await bind(origin, name)),
    async status(origin) {
      const unlinked = channels.unlinked();
      const linked = channels.names.map((name) => ({ name, linked: !unlinked.includes(name) }));
      await say(origin, toStatusText({ ...(await options.status()), channels: linked }, clock.now(), language));
    },
    async greet(origin) {
      const setting = `greeted:${origin.conversation}`;
      if (greeting.has(setting)) return;
      greeting.add(setting);
      try {
        if ((await store.read((reader) => reader.loadSetting(setting))) !== null) return;
        await greet(origin);
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
