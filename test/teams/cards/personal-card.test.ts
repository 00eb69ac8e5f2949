import { describe, expect, it } from "vitest";
import { languages } from "../../../bot/domain/language.ts";
import { toPersonalCard } from "../../../bot/teams/cards/personal-card.ts";
import { personal } from "../../../bot/words/colleague/personal.ts";
import { toContext } from "./incident/incidents.ts";
import { personalContents } from "./personal-contents.ts";
import { buttonsOf, complaintsOf, textOf } from "./read-card.ts";

const every = languages.flatMap((language) =>
  Object.entries(personalContents).map(([name, content]) => ({ name, language, content })),
);

describe.each(every)("$name in $language", ({ language, content }) => {
  const { card, summary } = toPersonalCard(content, toContext(language));
  const text = textOf(card);

  it("is a card that Teams can show", () => {
    expect(complaintsOf(card)).toEqual([]);
    expect(card.version).toBe("1.5");
    expect(card.lang).toBe(language);
    expect(JSON.stringify(card).length).toBeLessThan(4_000);
    expect(JSON.stringify(card)).not.toContain('"refresh"');
  });

  it("says something, and leaves no gap", () => {
    expect(text.split("\n").length).toBeGreaterThan(1);
    expect(text).not.toMatch(/undefined|null|\[object|NaN|\*\*/);
    expect(summary).not.toMatch(/undefined|null|\*\*|\n/);
    expect(text.startsWith(summary.split(" – ")[0] ?? "?")).toBe(true);
  });

  it("asks to click only what stands on it", () => {
    const titles: string[] = Object.values(personal[language].button);
    const asked = boldOf(card.body).filter((words) => titles.includes(words));
    for (const title of asked) expect(buttonsOf(card)).toContain(title);
  });

  it("has buttons that an old client can press as well", () => {
    for (const action of card.actions ?? []) {
      if (action.type !== "Action.Execute") throw new Error(`no button of ours is a ${action.type}`);
      expect(action.fallback).toMatchObject({
        type: "Action.Submit",
        data: { verb: action.verb, ...(action.data as object) },
      });
    }
  });

  it("never says that somebody was reached or is coming", () => {
    expect(text).not.toMatch(/bereikt|onderweg|komt eraan|is coming|reached|on the way/i);
  });
});

describe("the answer to an alarm", () => {
  const nl = toContext("nl");

  it("shows the place as text that no client understands", () => {
    const place = `**vet** <at>Bob</at> {{DATE(x)}} ${"x".repeat(200)}`;
    const { card } = toPersonalCard({ kind: "pressed", incident: "i-1", place }, nl);
    const line = textOf(card).split("\n")[1] ?? "";
    expect(line).toMatch(/^Plaats: \*\*vet\*\* <at>Bob<\/at> \{ \{DATE\(x\)\}\} x+…$/);
    expect([...line].length).toBeLessThan(90);
    expect(JSON.stringify(card)).not.toMatch(/"TextBlock","text":"[^"]*vet/);
  });

  it("says how to name a place when nobody knows it, and how long it may be", () => {
    const say = (place: string | null) => textOf(toPersonalCard({ kind: "pressed", incident: "i", place }, nl).card);
    expect(say(null)).toContain(
      "We weten niet waar je bent. Typ alarm met je plaats in maximaal 3 woorden, zoals alarm Balie.",
    );
    expect(say("Balie")).not.toContain("waar je bent");
  });

  it("never puts Alarm beside Oops, where a thumb could slip", () => {
    for (const content of Object.values(personalContents)) {
      const verbs = (toPersonalCard(content, nl).card.actions ?? []).map((action) =>
        "verb" in action ? action.verb : "",
      );
      expect(verbs.includes("alarm") && verbs.includes("oops")).toBe(false);
    }
  });
});

/** What stands in bold in its sentences. */
function boldOf(node: unknown): string[] {
  if (Array.isArray(node)) return node.flatMap(boldOf);
  if (typeof node !== "object" || node === null) return [];
  const { type, weight, text, inlines } = node as Record<string, unknown>;
  return type === "TextRun" && weight === "Bolder" ? [String(text)] : boldOf(inlines);
}
