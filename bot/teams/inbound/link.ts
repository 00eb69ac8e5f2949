import type { Language } from "../../domain/language.ts";
import { channel } from "../../words/colleague/channel.ts";
import { maxLineLengths } from "../../words/shared/line.ts";
import { toMessageText } from "../cards/message.ts";
import type { Channels } from "../outbound/channels.ts";
import type { Origin } from "../wire/activity.ts";
import type { Askers } from "./askers.ts";

export interface LinkOptions {
  readonly channels: Channels;
  readonly askers: Pick<Askers, "hasLeads" | "refusalOf">;
  readonly language: Language;
}

/** What somebody typed behind the word; null: nothing. */
export interface TypedLink {
  readonly name: string;
  readonly code: string | null;
}

/**
 * Links the channel of the configuration whose name somebody typed to the conversation it was typed in. Resolves with
 * the answer to send.
 */
export async function linkChannel(origin: Origin, typed: TypedLink, options: LinkOptions): Promise<string> {
  const { channels, askers, language } = options;
  const words = channel[language];
  // Phones begin a message with a capital.
  const name = channels.names.find((known) => known.toLowerCase() === typed.name.toLowerCase());
  if (name === undefined) return words.linkUnknown(toShownName(typed.name), channels.names.map(toShownName));
  const shown = toShownName(name);
  if (origin.scope !== "channel") return words.linkInChannel(origin.bot.name, shown);
  const before = await channels.findLink(name);
  if (before?.conversation === origin.conversation) return words.linkedAlready(shown);
  if (channels.isFixed(name)) return words.linkFixed(shown);
  if (askers.refusalOf("link", origin, typed.code) !== null) {
    return askers.hasLeads ? words.linkForbidden : words.linkWrongCode(origin.bot.name, shown);
  }
  await channels.link(name, origin);
  return before === null ? words.linked(shown) : words.linkedAnew(shown);
}

/** Escapes a name of the configuration, or what somebody typed as one, for a message. */
export function toShownName(name: string): string {
  return toMessageText(name, maxLineLengths.technical);
}
