import { describe, expect, it } from "vitest";
import { languages } from "../../../../bot/domain/language.ts";
import {
  toTestAnswer,
  toTestButton,
  toTestMention,
  toTestOver,
} from "../../../../bot/teams/cards/tests/teams-test-card.ts";
import { teamsTest } from "../../../../bot/words/operator/teams-test.ts";
import { buttonsOf, complaintsOf, textOf } from "../read-card.ts";

const person = { id: "aaaaaaaa-0000-4000-8000-000000000001", name: "Alice <at>Jansen</at>" };

const every = languages.flatMap((language) => [
  { name: "mention", language, made: toTestMention(person, language) },
  { name: "button", language, made: toTestButton("t-1", language) },
  { name: "answer", language, made: toTestAnswer(false, language) },
  { name: "late answer", language, made: toTestAnswer(true, language) },
  { name: "over", language, made: toTestOver(language) },
]);

describe.each(every)("the card of a test of Teams: $name in $language", ({ language, made: { card, summary } }) => {
  it("is one that Teams can show, and says first that it is a test and no alarm", () => {
    expect(complaintsOf(card)).toEqual([]);
    expect(textOf(card).startsWith(teamsTest[language].headline)).toBe(true);
    expect(summary.startsWith(`${teamsTest[language].headline}. `)).toBe(true);
    expect(teamsTest[language].headline).toMatch(/^TEST\b/);
    expect(summary).not.toMatch(/undefined|null|\*\*|\n/);
  });
});

it("mentions one person, by their Entra id, with a name that ends no mention", () => {
  const { card } = toTestMention(person, "nl");
  expect(card.msteams).toEqual({
    entities: [
      {
        type: "mention",
        text: "<at>Alice at Jansen /at</at>",
        mentioned: { id: person.id, name: "Alice at Jansen /at" },
      },
    ],
  });
});

it("has one button, which an old client can press as well", () => {
  const { card } = toTestButton("t-1", "nl");
  expect(buttonsOf(card)).toEqual([teamsTest.nl.button]);
  expect(teamsTest.nl.ask).toContain(`**${teamsTest.nl.button}**`);
  expect(card.actions?.[0]).toMatchObject({
    verb: "test-click",
    data: { test: "t-1" },
    fallback: { type: "Action.Submit", data: { verb: "test-click", test: "t-1" } },
  });
});
