import { hash } from "node:crypto";
import type { IAdaptiveCard } from "@microsoft/teams.cards";
import type { OutgoingActivity } from "./connector.ts";

const cardType = "application/vnd.microsoft.card.adaptive";

/** Puts a message into the feed of those who may see it; its `summary` is what the banner and the locked phone show. */
const alert = { notification: { alert: true } } as const;

/**
 * A card alone: beside a text Teams splits it off and gives no id, so that it could never be updated.
 * https://learn.microsoft.com/microsoftteams/platform/bots/how-to/conversations/conversation-messages
 */
export function toCardActivity(card: IAdaptiveCard, summary: string): OutgoingActivity {
  return { ...toAnswerActivity(card, summary), channelData: alert };
}

/** A card alone that alerts nobody, for somebody who looks at the screen, or where people were alerted before. */
export function toAnswerActivity(card: IAdaptiveCard, summary: string): OutgoingActivity {
  return { type: "message", summary, attachments: [{ contentType: cardType, content: card }] };
}

/** By which it is known whether a card would show something else. */
export function toDigest(activity: OutgoingActivity): string {
  return hash("sha256", JSON.stringify(activity), "base64");
}

/** A text that alerts those who may see it. */
export function toTextActivity(text: string, summary: string): OutgoingActivity {
  return { type: "message", text, summary, channelData: alert };
}

/** Adds a sentence on top of a card, for an answer that only the person who clicked sees. */
export function withNote(card: IAdaptiveCard, note: string): IAdaptiveCard {
  const block = { type: "TextBlock", text: note, wrap: true, weight: "Bolder" } as const;
  return { ...card, body: [{ type: "Container", style: "warning", items: [block] }, ...(card.body ?? [])] };
}

/**
 * The answer to a click on a card; always 200, or a phone says "something went wrong".
 * https://learn.microsoft.com/adaptive-cards/authoring-cards/universal-action-model#response-format
 */
export function toCardAnswer(card: IAdaptiveCard): InvokeAnswer {
  return { statusCode: 200, type: cardType, value: card };
}

/** The answer to a click that brings no card. Never an error, because each client has words of its own for that. */
export function toSentenceAnswer(sentence: string): InvokeAnswer {
  return { statusCode: 200, type: "application/vnd.microsoft.activity.message", value: sentence };
}

export interface InvokeAnswer {
  readonly statusCode: 200;
  readonly type: `application/vnd.microsoft.${"card.adaptive" | "activity.message"}`;
  readonly value: unknown;
}
