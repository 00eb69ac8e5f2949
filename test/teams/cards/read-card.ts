import { createRequire } from "node:module";
import type { IAdaptiveCard } from "@microsoft/teams.cards";

// The package's own entry is not loadable in Node; its bundle is.
const require = createRequire(import.meta.url);
const AdaptiveCards = require("adaptivecards/dist/adaptivecards.js");

/** All text that a reader sees on the card, in order, a paragraph a line; without the buttons. */
export function textOf(card: IAdaptiveCard): string {
  return card.body
    .filter(({ type }) => type !== "ActionSet")
    .map(paragraphOf)
    .join("\n");
}

function paragraphOf(element: IAdaptiveCard["body"][number]): string {
  if (element.type === "TextBlock") return element.text;
  if (element.type === "Container") return element.items.map(paragraphOf).join("\n");
  if (element.type !== "RichTextBlock") throw new Error(`no card of ours has a ${element.type}`);
  const runs = (element.inlines ?? []).map((inline) => {
    if (typeof inline === "string" || inline.type !== "TextRun") throw new Error("only text runs are expected");
    return inline.text;
  });
  return runs.join("");
}

/** Titles of the buttons from top to bottom, those behind a button in brackets. */
export function buttonsOf(card: IAdaptiveCard): string[] {
  const inBody = card.body.flatMap((element) => (element.type === "ActionSet" ? (element.actions ?? []) : []));
  return [...inBody, ...(card.actions ?? [])].map((action) =>
    action.type === "Action.ShowCard"
      ? `${action.title} [${buttonsOf(action.card as IAdaptiveCard)}]`
      : `${action.title}`,
  );
}

/** What Microsoft's own parser has to say against the card; empty is good. */
export function complaintsOf(card: IAdaptiveCard): string[] {
  const context = new AdaptiveCards.SerializationContext();
  const parsed = new AdaptiveCards.AdaptiveCard();
  parsed.hostConfig = new AdaptiveCards.HostConfig({ actions: { maxActions: 6 } });
  parsed.parse(structuredClone(card), context);
  const failures = parsed.validateProperties().validationEvents;
  const events = Array.from({ length: context.eventCount }, (_, index) => context.getEventAt(index));
  const complaints = [...events, ...failures].map(({ message }: { message: string }) => message);
  // The parser keeps a global regular expression for `lang`, so it refuses every second card with the same language.
  return complaints.filter((message) => !/^Invalid value "(nl|en)" for property "lang"\.$/.test(message));
}
