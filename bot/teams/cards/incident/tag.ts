import type { IRichTextBlock, ITextBlock } from "@microsoft/teams.cards";
import type { Incident } from "../../../domain/incident/incident.ts";
import { type Policy, type Tag, tagOf } from "../../../domain/incident/policy.ts";
import { type CardWords, card } from "../../../words/colleague/card.ts";
import type { OutgoingActivity } from "../../wire/connector.ts";
import { toCardActivity } from "../../wire/outgoing.ts";
import type { CardContext } from "../context.ts";
import { toBlock, toRun } from "../elements.ts";
import type { Entity, Mentioned } from "../mentions.ts";
import { toMentions, toMentionText } from "../message.ts";

/** A tag that a card names. */
export interface TagOnCard {
  readonly tag: Tag;
  /** The card is posted and rings it; an update only says what came of that. */
  readonly isMentioned: boolean;
  /** Whether this card or a reply under it ever rang it. */
  readonly isRung: boolean;
}

/** The tag as an update of the card names it; null: the channel has none, or nothing was to ring it. */
export function toTagOnCard(
  { channel, isTagUnmentioned = false }: Incident,
  policy: Policy,
  isRung: boolean,
): TagOnCard | null {
  const tag = tagOf(policy, channel);
  return tag === null || !(isRung || isTagUnmentioned) ? null : { tag, isMentioned: false, isRung };
}

/** What a card that is posted rings a tag with, `beside` these people. */
export function toTagRing(
  tag: Tag,
  beside: readonly Mentioned[],
  { language }: Pick<CardContext, "language">,
): [ITextBlock, Entity] {
  const { remark }: CardWords = card[language];
  const entity = toTagEntity(tag, beside);
  const text = remark.tagRung(entity.text);
  return [{ type: "TextBlock", text, wrap: true, size: "Small", spacing: "Small" }, entity];
}

/** A mention of a tag; what people read has to hold its `text`, which is that of nobody who is named `beside` it. */
export function toTagEntity(tag: Tag, beside: readonly Mentioned[]): Entity {
  const { id, name } = toNamed(tag, beside);
  return { type: "mention", text: toMentionText({ name }), mentioned: { id, name, type: "tag" } };
}

/** The same on an update, which rings nobody. `isRefused`: the newest ring did not reach it. */
export function toTagRemark(tag: Tag, isRefused: boolean, { language }: Pick<CardContext, "language">): IRichTextBlock {
  const { remark }: CardWords = card[language];
  const { name } = toNamed(tag, []);
  return toBlock([toRun(isRefused ? remark.tagNotRung(name) : remark.tagRung(name), { size: "Small" })]);
}

/** By the name as a mention can hold it; nobody's own name is told, and nobody is counted. */
function toNamed(tag: Tag, beside: readonly Mentioned[]): Tag {
  const people = beside.map(({ name }, at) => ({ id: String(at), name }));
  return toMentions([...people, tag], "tag").at(-1) ?? tag;
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
