import type { IRichTextBlock, ITextBlock } from "@microsoft/teams.cards";
import type { Tag } from "../../../domain/incident/policy.ts";
import { type CardWords, card } from "../../../words/colleague/card.ts";
import type { OutgoingActivity } from "../../wire/connector.ts";
import { toCardActivity } from "../../wire/outgoing.ts";
import type { CardContext } from "../context.ts";
import { toBlock, toRun } from "../elements.ts";
import type { Entity } from "../mentions.ts";
import { toMentions, toMentionText } from "../message.ts";

/** A tag that a card names. `isMentioned`: the card is posted and rings it; an update only says so. */
export interface TagOnCard {
  readonly tag: Tag;
  readonly isMentioned: boolean;
}

/** What a card that is posted rings a tag with. */
export function toTagRing(tag: Tag, { language }: Pick<CardContext, "language">): [ITextBlock, Entity] {
  const { remark }: CardWords = card[language];
  const entity = toTagEntity(tag);
  const text = remark.tagRung(entity.text);
  return [{ type: "TextBlock", text, wrap: true, size: "Small", spacing: "Small" }, entity];
}

/** A mention of a tag; what people read has to hold its `text`. */
export function toTagEntity(tag: Tag): Entity {
  const { id, name } = toNamed(tag);
  return { type: "mention", text: toMentionText({ name }), mentioned: { id, name, type: "tag" } };
}

/** The same on an update, which rings nobody. */
export function toTagRemark(tag: Tag, { language }: Pick<CardContext, "language">): IRichTextBlock {
  const { remark }: CardWords = card[language];
  return toBlock([toRun(remark.tagRung(toNamed(tag).name), { size: "Small" })]);
}

/** By the name as a mention can hold it; nobody's own name is told, and nobody is counted. */
function toNamed(tag: Tag): Tag {
  return toMentions([tag], "tag")[0] ?? tag;
}

/** A message that rings a tag, as a card, because the SDK leaves out of a text that somebody mentioned is a tag. */
export function toRingingCard(
  blocks: readonly IRichTextBlock[],
  asked: string,
  entities: Entity[],
  summary: string,
  { language }: Pick<CardContext, "language">,
): OutgoingActivity {
  return toCardActivity(
    {
      type: "AdaptiveCard",
      version: "1.5",
      lang: language,
      fallbackText: summary,
      msteams: { entities },
      body: [...blocks, { type: "TextBlock", text: asked, wrap: true }],
    },
    summary,
  );
}
