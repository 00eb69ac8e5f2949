import { z } from "zod";
import type { MessageBody } from "./teams-wire.ts";

/** Somebody, or with `type` everybody of a tag, whom a message mentions. */
const Mention = z.looseObject({
  type: z.literal("mention"),
  text: z.string().min(1),
  mentioned: z.looseObject({ id: z.string().min(1), name: z.string().optional(), type: z.string().optional() }),
});
type Mention = z.infer<typeof Mention>;
const Entity = z.union([Mention, z.looseObject({ type: z.string() })]);
const Card = z.looseObject({
  msteams: z.looseObject({ entities: z.array(Entity).default([]) }).optional(),
});

/** What is mentioned in a message. */
export interface Mentioned {
  readonly id: string;
  readonly isTag: boolean;
}

/** Everybody whom a message mentions, in its text and in its card. */
export function listMentioned(body: MessageBody): readonly Mentioned[] {
  const inText = toMentions(body.entities ?? []);
  const inCards = (body.attachments ?? []).flatMap(({ content }) => toMentions(entitiesOf(content)));
  return [...inText, ...inCards].map(({ mentioned: { id, type } }) => ({ id, isTag: type === "tag" }));
}

/**
 * Whether every mention stands in what people read, by a text of its own, and whatever reads as a mention is one. Teams
 * ignores a mention whose text does not occur, the emulator refuses it; of two with one text it can find only one.
 * https://learn.microsoft.com/microsoftteams/platform/task-modules-and-cards/cards/cards-format
 */
export function areMentionsWhole(body: MessageBody): boolean {
  const cards = (body.attachments ?? []).map(({ content }) => ({
    shown: textsOf(content).join("\n"),
    entities: entitiesOf(content),
  }));
  return [{ shown: body.text ?? "", entities: body.entities ?? [] }, ...cards].every(({ shown, entities }) => {
    const mentions = toMentions(entities);
    const tagged = shown.match(/<at>.*?<\/at>/gs) ?? [];
    const isEachShown = mentions.every(({ text }) => shown.includes(text));
    const areDistinct = new Set(mentions.map(({ text }) => text)).size === mentions.length;
    return isEachShown && areDistinct && tagged.every((tag) => mentions.some(({ text }) => text === tag));
  });
}

function toMentions(entities: readonly unknown[]): readonly Mention[] {
  return entities.flatMap((entity) => Mention.safeParse(entity).data ?? []);
}

function entitiesOf(content: unknown): readonly unknown[] {
  return Card.safeParse(content).data?.msteams?.entities ?? [];
}

/** What a card shows in the elements that take a mention. */
function textsOf(node: unknown): string[] {
  if (Array.isArray(node)) return node.flatMap(textsOf);
  if (typeof node !== "object" || node === null) return [];
  const { type, text, facts, ...rest } = node as Record<string, unknown>;
  const own = type === "TextBlock" && typeof text === "string" ? [text] : [];
  const ofFacts = Array.isArray(facts) ? facts.map((fact) => String((fact as { value?: unknown }).value)) : [];
  const { body, items, columns, card, actions } = rest;
  return [...own, ...ofFacts, ...[body, items, columns, card, actions].flatMap(textsOf)];
}
