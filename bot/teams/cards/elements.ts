import type { IActionSet, IContainer, IRichTextBlock, ITextRun } from "@microsoft/teams.cards";
import { safeFor } from "../../kit/safe-text.ts";

/** How a run of text looks; everything else is the client's default. */
export type Look = Pick<ITextRun, "size" | "weight" | "isSubtle">;

/**
 * Text as it is. Markdown does nothing in a TextRun, so nothing from outside needs escaping, and no client can
 * understand an escape in its own way. https://adaptivecards.io/explorer/TextRun.html
 */
export function toRun(text: string, look: Look = {}): ITextRun {
  return { type: "TextRun", text: safeFor.card(text), ...look };
}

/** Our own sentence with `**…**` in it; what stands between becomes bold. */
export function toRuns(sentence: string, look: Look = {}): ITextRun[] {
  return sentence
    .split("**")
    .map((text, index) => toRun(text, index % 2 === 1 ? { ...look, weight: "Bolder" } : look))
    .filter(({ text }) => text !== "");
}

/** One paragraph. */
export function toBlock(inlines: ITextRun[], spacing: IRichTextBlock["spacing"] = "Small"): IRichTextBlock {
  return { type: "RichTextBlock", spacing, inlines };
}

/** "Label: text", the label in bold. */
export function toLabelled(label: string, text: string, look: Look = {}): IRichTextBlock {
  return toBlock([toRun(`${label}: `, { ...look, weight: "Bolder" }), toRun(text, look)]);
}

/**
 * Buttons below each other. A phone shows several in a row as one line that moves sideways, so that the last ones are
 * out of sight. https://github.com/microsoft/AdaptiveCards/issues/3705
 */
export function toButtonRows(actions: readonly NonNullable<IActionSet["actions"]>[number][]): IActionSet[] {
  return actions.map((action) => ({ type: "ActionSet", spacing: "Small", actions: [action] }));
}

/** A heading that says the state in words; the colour behind it only repeats them. */
export function toBanner(headline: string, style: NonNullable<IContainer["style"]>): IContainer {
  return {
    type: "Container",
    style,
    bleed: true,
    items: [{ type: "TextBlock", text: headline, style: "heading", weight: "Bolder", size: "Medium", wrap: true }],
  };
}
