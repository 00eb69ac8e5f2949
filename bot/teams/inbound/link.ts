import type { Language } from "../../domain/language.ts";
import type { Person } from "../../domain/person.ts";
import { channel } from "../../words/colleague/channel.ts";
import { maxLineLengths } from "../../words/shared/line.ts";
import { toMessageText } from "../cards/message.ts";
import type { Channels } from "../outbound/channels.ts";
import type { Origin } from "../wire/activity.ts";

export interface LinkOptions {
  readonly channels: Channels;
  /**
   * Whether this person may bind a channel that is bound already to another conversation, which takes its alarms along.
   */
  readonly mayRelink: (person: Person) => boolean;
  readonly language: Language;
}

/**
 * Links the channel of the configuration whose name somebody typed to the conversation it was typed in. Resolves with
 * the answer to send.
 */
export async function linkChannel(origin: Origin, typed: string, options: LinkOptions): Promise<string> {
  const { channels, mayRelink, language } = options;
  const words = channel[language];
  // Phones begin a message with a capital.
  const name = channels.names.find((known) => known.toLowerCase() === typed.toLowerCase());
  if (name === undefined) return words.linkUnknown(toShownName(typed), channels.names.map(toShownName));
  const shown = toShownName(name);
  if (origin.scope !== "channel") return words.linkInChannel(origin.bot.name, shown);
  const before = await channels.findLink(name);
  if (before?.conversation === origin.conversation) return words.linkedAlready(shown);
  if (channels.isFixed(name)) return words.linkFixed(shown);
  if (before !== null && !mayRelink(origin.from)) return words.linkForbidden(shown);
  await channels.link(name, origin);
  return before === null ? words.linked(shown) : words.linkedAnew(shown);
}

/** Escapes a name of the configuration, or what somebody typed as one, for a message. */
export function toShownName(name: string): string {
  return toMessageText(name, maxLineLengths.technical);
}
