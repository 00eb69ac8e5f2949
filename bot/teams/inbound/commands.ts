import type { Language } from "../../domain/language.ts";
import type { Person } from "../../domain/person.ts";
import type { Visit } from "../../domain/visit/visit.ts";
import { DeliveryError } from "../../errors.ts";
import { late, withTimeout } from "../../kit/with-timeout.ts";
import type { Log } from "../../log.ts";
import type { Personal } from "../../ports/personal.ts";
import type { Status } from "../../ports/status.ts";
import type { Store } from "../../ports/store.ts";
import type { Clock } from "../../ports/time.ts";
import { channel } from "../../words/colleague/channel.ts";
import { lineLimits } from "../../words/shared/line.ts";
import { toMessageText } from "../cards/message.ts";
import { type PersonalCard, toPersonalCard } from "../cards/personal-card.ts";
import { toStatusText } from "../cards/status.ts";
import type { Channels } from "../outbound/channels.ts";
import type { Origin } from "../wire/activity.ts";
import type { Connector, OutgoingActivity } from "../wire/connector.ts";
import { toAnswerActivity } from "../wire/outgoing.ts";

/** An answer to a command must come while somebody looks at the screen. */
const answerWithinMs = 5_000;
/** The same for what became of a wish, which is tried again. */
const showWithinMs = 3_000;
/** How long after a failure it is tried again: somebody who raised an alarm waits for a sign. */
const showAgainAfterMs: readonly number[] = [1_000, 3_000];
/** Longest that looking for a visit may take; without it there is the usual help. */
const visitWithinMs = 2_000;

/** What people type to the bot; both languages are always understood. Anchored: a substring would fire on any sentence. */
export const commands = {
  link: /^(?:koppel|link)(?:\s+(?<name>\S+))?\s*$/i,
  status: /^status\s*$/i,
} as const;

/** Answers what people type, and greets where the bot is added. Rejects with DeliveryError when the answer can't be sent. */
export interface Commands extends Disposable {
  link(origin: Origin, name: string): Promise<void>;
  status(origin: Origin): Promise<void>;
  help(origin: Origin): Promise<void>;
  /** Says what to do next, once per conversation: Teams sends several events for one installation. */
  greet(origin: Origin): Promise<void>;
  /** Says one sentence where the activity came from. */
  say(origin: Origin, text: string): Promise<void>;
  /**
   * Shows what became of a wish. Never rejects: it is done, and "it did not work" would be wrong. Where cards are refused,
   * their first words are said; what Teams does not take now is tried again in the background, until disposal.
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
  readonly personal: () => Personal;
  /** Of that channel; null: of all; "": of none. */
  readonly status: (channel: string | null) => Promise<Status>;
  readonly mayRelink: (person: Person) => boolean;
  /** Takes note of work that outlives the activity. */
  readonly track: (work: Promise<unknown>) => unknown;
}

/** See `Commands`. */
export function createCommands(options: CommandsOptions): Commands {
  const { channels, connector, store, clock, log, language } = options;
  const words = channel[language];
  /** Greetings under way: the events of one installation come at the same moment. */
  const greeting = new Set<string>();
  /** What takes back the tries that are to come. */
  const waiting = new Set<() => void>();
  let isStopped = false;

  async function answer(
    { serviceUrl, thread }: Origin,
    activity: OutgoingActivity,
    withinMs = answerWithinMs,
  ): Promise<void> {
    using deadline = clock.timeout(withinMs);
    await connector.post(serviceUrl, thread, activity, deadline.signal);
  }

  async function say(origin: Origin, text: string): Promise<void> {
    await answer(origin, { type: "message", text });
  }

  /** false: it may work in a moment. */
  async function tryShow(origin: Origin, { card, summary }: PersonalCard): Promise<boolean> {
    try {
      await answer(origin, toAnswerActivity(card, summary), showWithinMs);
      return true;
    } catch (error) {
      log.warn({ err: error }, "card-not-shown");
      const isRefused = error instanceof DeliveryError && error.reason === "refused";
      return isRefused ? trySay(origin, summary) : false;
    }
  }

  async function trySay(origin: Origin, text: string): Promise<boolean> {
    try {
      await say(origin, text);
      return true;
    } catch (error) {
      log.warn({ err: error }, "answer-not-sent");
      return false;
    }
  }

  async function show(origin: Origin, card: PersonalCard, waits = showAgainAfterMs): Promise<void> {
    const [wait, ...rest] = waits;
    if ((await tryShow(origin, card)) || wait === undefined || isStopped) return;
    const cancel = clock.wakeAt(clock.now() + wait, () => {
      waiting.delete(cancel);
      options.track(show(origin, card, rest));
    });
    waiting.add(cancel);
  }

  /** The visit that somebody is on; null too when that can't be found out now, because help comes anyway. */
  async function visitOf({ from }: Origin): Promise<Visit | null> {
    try {
      const visit = await withTimeout(clock, visitWithinMs, options.personal().visitOf(from));
      if (visit === late) log.warn({}, "visit-late");
      return visit === late ? null : visit;
    } catch (error) {
      log.warn({ err: error }, "visit-not-read");
      return null;
    }
  }

  async function help(origin: Origin): Promise<void> {
    const visit = origin.scope === "personal" ? await visitOf(origin) : null;
    if (visit === null) return welcome(origin);
    // Who is out and types "yes" or "help" means it: never the usual help, and never silence until it is an alarm.
    await show(origin, toPersonalCard({ kind: "visit-unanswered", visit }, options));
  }

  async function welcome(origin: Origin): Promise<void> {
    const { bot, scope } = origin;
    if (!options.isSetUp) return say(origin, words.help(bot.name));
    if (scope !== "personal") return say(origin, `${words.help(bot.name)}\n\n${words.helpAlarm(bot.name)}`);
    // Who types "help" to the bot alone may mean it: the button is right there.
    await show(origin, toPersonalCard({ kind: "welcome" }, options));
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
    if (scope === "personal" || unlinked.length === 0) return welcome(origin);
    await say(origin, words.installed(bot.name, unlinked));
  }

  return {
    say,
    show: (origin, card) => show(origin, card),
    help,
    link: async (origin, name) => say(origin, await bind(origin, name)),
    async status(origin) {
      const unlinked = channels.unlinked();
      const linked = channels.names.map((name) => ({ name, linked: !unlinked.includes(name) }));
      const name = origin.scope === "personal" ? null : (channels.nameOf(origin.conversation) ?? "");
      const status = { ...(await options.status(name)), channels: linked };
      await say(origin, toStatusText(status, name, clock.now(), language));
    },
    async greet(origin) {
      const { conversation } = origin;
      if (greeting.has(conversation)) return;
      greeting.add(conversation);
      try {
        if ((await store.read((reader) => reader.loadSetting("greeted", conversation))) !== null) return;
        await greet(origin);
        await store.write((tx) => tx.saveSetting("greeted", conversation, String(clock.now())));
        log.info({ scope: origin.scope }, "installed");
      } finally {
        greeting.delete(conversation);
      }
    },
    [Symbol.dispose]() {
      isStopped = true;
      for (const cancel of waiting) cancel();
    },
  };
}

/** A name of the configuration, or what somebody typed in its stead, inside a message. */
function toShown(name: string): string {
  return toMessageText(name, lineLimits.technical);
}
