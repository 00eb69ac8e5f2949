import type { ITextBlock } from "@microsoft/teams.cards";
import type { OutgoingActivity } from "../wire/connector.ts";
import { toMentionText } from "./message.ts";

/** Somebody whom a message names. `name` as it came out of `toMentions`; `id` null: named only, and not rung. */
export interface Mentioned {
  readonly name: string;
  readonly id: string | null;
}

/**
 * A mention as messages and cards carry it. `id`: a Teams id or an Entra object id.
 * https://learn.microsoft.com/microsoftteams/platform/bots/how-to/conversations/channel-and-group-conversations#work-with-mentions
 * https://learn.microsoft.com/microsoftteams/platform/task-modules-and-cards/cards/cards-format#mention-support-within-adaptive-cards
 */
export interface Entity {
  readonly type: "mention";
  readonly text: string;
  readonly mentioned: { readonly id: string; readonly name: string; readonly type?: "tag" };
}

/** Makes a text that holds `toMentionText` of each a message that mentions them; who has no id keeps their name. */
export function toMentioningActivity(text: string, mentioned: readonly Mentioned[]): OutgoingActivity {
  const named = mentioned.filter(({ id }) => id === null);
  const plain = named.reduce((shown, { name }) => shown.replaceAll(toMentionText({ name }), name), text);
  const entities = toEntities(mentioned);
  return { type: "message", text: plain, ...(entities.length === 0 ? {} : { entities }) };
}

/**
 * The last block of a card that rings, which names those who are rung: Teams finds a mention on a card by its text in a
 * TextBlock, and Markdown does nothing in the names.
 */
export function toMentionBlock(label: string, mentioned: readonly Mentioned[]): ITextBlock {
  const names = toEntities(mentioned).map(({ text }) => text);
  return { type: "TextBlock", text: `**${label}:** ${names.join(", ")}`, wrap: true, size: "Small", spacing: "Small" };
}

/** A mention for each who has an id. */
export function toEntities(mentioned: readonly Mentioned[]): Entity[] {
  return mentioned.flatMap(({ name, id }) =>
    id === null ? [] : [{ type: "mention", text: toMentionText({ name }), mentioned: { id, name } }],
  );
}
