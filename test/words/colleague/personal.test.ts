import { describe, expect, it } from "vitest";
import { languages } from "../../../bot/domain/language.ts";
import { parseTypedCommand } from "../../../bot/teams/wire/personal-command.ts";
import { channel } from "../../../bot/words/colleague/channel.ts";
import { personal } from "../../../bot/words/colleague/personal.ts";
import { trouble } from "../../../bot/words/colleague/trouble.ts";
import { visit } from "../../../bot/words/colleague/visit.ts";

const areas = { personal, visit, trouble, channel };

/** Every sentence by its path; functions are called with small numbers, where a list is expected with one of them. */
function sentencesOf(words: unknown, path: string): [string, string][] {
  if (typeof words === "string") return [[path, words]];
  if (typeof words === "function") return sentencesOf(callWithNumbers(words as Words), path);
  return Object.entries(words as object).flatMap(([key, value]) => sentencesOf(value, `${path}.${key}`));
}

type Words = (...given: unknown[]) => unknown;

function callWithNumbers(words: Words): unknown {
  const numbers = Array.from({ length: words.length }, (_, at) => at + 2);
  try {
    return words(...numbers);
  } catch {
    return numbers.length === 1 ? words([2]) : words(2, [3]);
  }
}

describe.each(Object.entries(areas))("%s", (area, { nl, en }) => {
  const dutch = sentencesOf(nl, area);
  const english = new Map(sentencesOf(en, area));

  it("has the same keys in both languages", () => {
    expect(dutch.map(([path]) => path)).toEqual([...english.keys()]);
  });

  it.each(dutch)("%s", (path, sentence) => {
    const other = english.get(path) ?? "";
    for (const each of [sentence, other]) {
      expect(each.trim()).toBe(each);
      expect(each).not.toBe("");
      expect(each).not.toMatch(/undefined|\$\{|\*\*\*\*|NaN/);
      expect(each.split("**").length % 2, "bold begins and ends").toBe(1);
    }
    const digits = (text: string) => text.match(/\d+/g)?.sort();
    expect(digits(other), "every number and name").toEqual(digits(sentence));
    if (!alike.has(path)) expect(other).not.toBe(sentence);
  });
});

/** The same in both languages, and rightly so. */
const alike = new Set(["personal.button.alarm", "channel.status.seconds", "channel.status.minutes"]);

describe.each(languages)("what a colleague is told to do, in %s", (language) => {
  it("is the title of a button, or something that the bot understands when it is typed", () => {
    const words = personal[language];
    const titles: string[] = Object.values(words.button);
    const bold = sentencesOf([{ ...words, button: "x" }, visit[language]], "personal").flatMap(([, text]) =>
      [...text.matchAll(/\*\*(.+?)\*\*/g)].map(([, inside]) => inside ?? ""),
    );
    const asked = bold.filter((text) => !/^\d+$/.test(text) && !text.includes("112"));
    expect(asked.length).toBeGreaterThan(20);
    for (const text of asked) {
      const isUnderstood = titles.includes(text) || text === "status" || isDone(parseTypedCommand(text)?.kind);
      expect(isUnderstood, text).toBe(true);
    }
  });
});

function isDone(kind: string | undefined): boolean {
  return kind !== undefined && kind !== "visit-unclear";
}
