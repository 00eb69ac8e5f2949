import type { Language } from "../../domain/language.ts";
import type { Person } from "../../domain/person.ts";
import { channel } from "../../words/colleague/channel.ts";
import { maxLineLengths } from "../../words/shared/line.ts";
import { toMessageText } from "../cards/message.ts";
import type { Channels } from "../outbound/channels.ts";
import type { Origin } from "../wire/activity.ts";

export interface LinkOptions {
  readonly channels: Channels;
  /** Who may bind a channel that is bound already to another conversation: whoever can takes the alarms with it. */
  readonly mayRelink: (person: Person) => boolean;
  readonly language: Language;
}

/**
 * Links a channel of the configuration, as somebody typed its name, to the conversation it was typed in; the answer to
 * say.
 */
export async function linkChannel(origin: Origin, typed: string, options: LinkOptions): Promise<string> {
  const { channels, mayRelink, language } = options;
  const words = channel[language];
  // A phone begins what is typed with a capital.
  const name = channels.names.find((known) => known.toLowerCase() === typed.toLowerCase());
  if (name === undefined) return words.linkUnknown(toShownName(typed), channels.names.map(toShownName));
  const shown = toShownName(name);
  if (origin.scope !== "channel") return words.linkInChannel(origin.bot.name, shown);
  const before = await channels.find(name);
  if (before?.conversation === origin.conversation) return words.linkedAlready(shown);
  if (channels.isFixed(name)) return words.linkFixed(shown);
  if (before !== null && !mayRelink(origin.from)) return words.linkForbidden(shown);
  await channels.link(name, origin);
  return before === null ? words.linked(shown) : words.linkedAnew(shown);
}

/** A name of the configuration, or what somebody typed in its stead, inside a message. */
export function toShownName(name: string): string {
  return toMessageText(name, maxLineLengths.technical);
}
